"""The server: its options, and connections that a client may not keep busy for ever."""

import asyncio
import math
import re
import secrets
import signal
import sys
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, NamedTuple, cast

import click
import structlog
import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.core.errors import error_of_status, error_response
from app.core.http.middleware import RawHeaders, security_headers
from app.core.logging import configure_logging
from app.core.project import ProjectSettings

MAX_HEAD_BYTES, MAX_URL_BYTES, MAX_HEADERS = 65_536, 16_384, 100
MAX_CONNECTIONS = 1_000
"""Of each worker; whoever comes then is told to come back."""
MAX_MESSAGE_BYTES = 65_536
"""The largest message that a WebSocket takes."""
HEAD_TIMEOUT = 10
WORKER_TIMEOUT = 60
"""Seconds after which a worker that says nothing is replaced; starting takes long."""
WATCH_INTERVAL = 1
"""How exactly the time of clients is taken, in seconds."""
FIELD_OVERHEAD = len(b": \r\n")
KEY, VERSION = b"sec-websocket-key", b"sec-websocket-version"
TOKEN = rb"[\w!#$%&'*+.^`|~-]+"
OFFER = rb"%b( *; *%b( *= *\"?%b\"?)?)*" % (TOKEN, TOKEN, TOKEN)
HANDSHAKE = {
    KEY: rb"[A-Za-z0-9+/]{22}==",
    VERSION: rb"13",
    b"sec-websocket-protocol": rb"%b( *, *%b)*" % (TOKEN, TOKEN),
    b"sec-websocket-extensions": rb"%b( *, *%b)*" % (OFFER, OFFER),
}
"""How a WebSocket is asked for (RFC 6455, 4.3)."""
REFUSALS = {
    400: "This is not a valid HTTP request.",
    408: "The head of the request took too long.",
    431: f"Address and headers must not be larger than {MAX_URL_BYTES} and "
    f"{MAX_HEAD_BYTES} bytes, with {MAX_HEADERS} headers at most.",
    503: "There are too many connections; please try again in a moment.",
}

logger = structlog.get_logger()


@click.command()
@click.option("--reload", is_flag=True, help="Restart when a file changes.")
@click.pass_obj
def serve(load_settings: Callable[[], ProjectSettings], *, reload: bool) -> None:
    """Serve the API."""
    settings = load_settings()
    server = settings.server
    configure_logging(settings.log_level, json=settings.log_as_json)
    # When it has shut down, uvicorn raises the signal again: an ordered end is no
    # failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "app.main:app",
        # Said to be a class, but whatever makes a protocol will do.
        http=cast("type[ServerProtocol]", partial(ServerProtocol, settings=settings)),
        # With the package `websockets`; without it, they are refused.
        ws="auto",
        ws_max_size=MAX_MESSAGE_BYTES,
        # Else the server would go on when something cannot start, and answer everybody
        # with 500.
        lifespan="on",
        host=server.host,
        port=server.port,
        workers=None if reload else server.workers,
        reload=reload,
        reload_dirs=["app"] if reload else None,
        log_config=None,
        access_log=False,
        server_header=False,
        # Whom to believe is decided by HTTP__TRUSTED_PROXIES alone.
        proxy_headers=False,
        timeout_keep_alive=round(server.keep_alive),
        timeout_graceful_shutdown=round(server.graceful_timeout),
        timeout_worker_healthcheck=WORKER_TIMEOUT,
    )


class Awaited(NamedTuple):
    """What a client has to do; `number` changes as it goes on."""

    what: str
    seconds: float
    number: int = 0


NOTHING = Awaited("nothing", math.inf)


class ServerProtocol(HttpToolsProtocol):
    """Speaks HTTP; bounds the head of a request, and the time that a client may take.

    Of itself, uvicorn bounds idle time alone. A body has its time even when it has been
    answered already, and so is thrown away; an answer has that of a request for each
    part, however small. What is no HTTP is refused with a problem document.
    """

    is_oversized = False
    unparsed_bytes = 0
    heads = 0

    def __init__(self, *args: Any, settings: ProjectSettings, **options: Any) -> None:
        super().__init__(*args, **options)
        self.http = settings.http
        self.security_headers = security_headers(settings)

    def connection_made(  # type: ignore[override]
        self, transport: asyncio.Transport
    ) -> None:
        """Begin a connection; it may not stay silent."""
        super().connection_made(transport)
        self.watch(self.awaited(), self.loop.time())
        if len(self.connections) > MAX_CONNECTIONS:
            self.refuse(503, "Too many connections.")

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        super().connection_lost(exc)
        self.watching.cancel()

    def watch(self, before: Awaited, since: float) -> None:
        """Look, again and again, whether the client goes on, and give it up if not."""
        now, awaited = self.loop.time(), self.awaited()
        if awaited != before:
            since = now
        elif now - since >= awaited.seconds:
            self.give_up(awaited)
        self.watching = self.loop.call_later(WATCH_INTERVAL, self.watch, awaited, since)

    def awaited(self) -> Awaited:
        """Return what the client has to do next."""
        if unsent := self.transport.get_write_buffer_size():
            return Awaited("answer", self.http.request_timeout, unsent)
        if self.is_answering():
            return NOTHING
        if self.scope is not None and "method" not in self.scope:
            return Awaited("head", HEAD_TIMEOUT, self.heads)
        if self.timeout_keep_alive_task:
            return NOTHING
        if self.heads:
            return Awaited("body", self.http.body_timeout, self.heads)
        return Awaited("request", HEAD_TIMEOUT)

    def is_answering(self) -> bool:
        """Whether an answer is still to be given, or to be ended."""
        return self.cycle is not None and not self.cycle.response_complete

    def give_up(self, awaited: Awaited) -> None:
        """End the connection."""
        if awaited.what == "answer":
            # Closing would wait until all of it is taken.
            self.transport.abort()
        elif awaited.what == "head":
            self.refuse(408, "Slow header.")
        else:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Parse what has come; a head or trailers without an end would fill memory."""
        self.unparsed_bytes += len(data)
        super().data_received(data)
        if self.unparsed_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.refuse(431, "Endless header.")

    def on_body(self, body: bytes) -> None:
        """Take a part of a body; trailers can follow."""
        super().on_body(body)
        self.unparsed_bytes = 0

    def on_response_complete(self) -> None:
        """Read no more until what has come is answered: it would fill the memory."""
        super().on_response_complete()
        if self.pipeline:
            self.flow.pause_reading()

    def on_headers_complete(self) -> None:
        """End a head; with `OverflowError`, the parser gives up what is too large."""
        sizes = (
            len(name) + len(value) + FIELD_OVERHEAD for name, value in self.headers
        )
        self.is_oversized = (
            len(self.url) > MAX_URL_BYTES
            or len(self.headers) > MAX_HEADERS
            or len(self.url) + sum(sizes) > MAX_HEAD_BYTES
        )
        if self.is_oversized:
            raise OverflowError
        self.heads += 1
        self.unparsed_bytes = 0
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection on to WebSockets, which would refuse in plain text."""
        asked = [(name, value) for name, value in self.headers if name in HANDSHAKE]
        names = [name for name, _ in asked]
        fits = all(re.fullmatch(HANDSHAKE[name], value) for name, value in asked)
        if not fits or names.count(KEY) != 1 or names.count(VERSION) != 1:
            self.refuse(400, "Bad handshake.")
            return
        self.watching.cancel()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser does not take."""
        self.refuse(431 if self.is_oversized else 400, msg)

    def refuse(self, status: int, reason: str) -> None:
        """Answer, unless an answer has begun, and close the connection."""
        request_id = secrets.token_hex(16)
        logger.warning(
            "request_refused", reason=reason, status=status, request_id=request_id
        )
        if not self.is_answering() or not self.cycle.response_started:
            self.transport.write(refusal(status, request_id, self.security_headers))
        self.transport.close()

    def _unsupported_upgrade_warning(self) -> None:
        """Answer the request as if it had asked for no upgrade."""
        if self._get_upgrade() == b"websocket":
            logger.warning("websocket_refused", reason="uv add websockets")


def refusal(status: int, request_id: str, headers: RawHeaders) -> bytes:
    """Return the whole answer to what could not be parsed, or did not come."""
    scope = {"path": "", "state": {"request_id": request_id}}
    retry = {"Retry-After": "1"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    error = error_of_status(status, REFUSALS[status], retry)
    response = error_response(scope, error)
    own = ((b"x-request-id", request_id.encode()), (b"connection", b"close"))
    fields = (*response.raw_headers, *headers, *own)
    lines = [name + b": " + value + b"\r\n" for name, value in fields]
    return b"".join([STATUS_LINE[status], *lines, b"\r\n", bytes(response.body)])
