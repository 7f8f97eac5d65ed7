"""The server: its options, and connections that a client may not keep busy for ever."""

import asyncio
import secrets
import signal
import sys
from functools import partial
from typing import Any, NamedTuple, cast

import structlog
import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from app.core.errors import problem_response
from app.core.http.request import security_headers
from app.core.settings import HttpSettings, ServerSettings

MAX_HEAD_BYTES = 65_536
HEAD_TIMEOUT = 10
FIELD_OVERHEAD = len(b": \r\n")
PROBLEMS = {
    400: ("bad_request", "This is not a valid HTTP request."),
    408: ("request_timeout", "The head of the request took too long."),
    431: (
        "request_header_fields_too_large",
        f"Address and headers must not be larger than {MAX_HEAD_BYTES} bytes.",
    ),
}

logger = structlog.get_logger()


class Timeouts(NamedTuple):
    """How many seconds a client may take.

    Attributes:
        head: For the head of a request.
        body: For the body of a request that has been answered already, and so is thrown
            away.
        answer: For a part of an answer, however small.
    """

    head: float
    body: float
    answer: float


def run_server(
    app: str, server: ServerSettings, http: HttpSettings, *, reload: bool = False
) -> None:
    """Serve the application that a module and a name tell, such as `app.main:app`."""
    timeouts = Timeouts(HEAD_TIMEOUT, http.body_timeout, http.request_timeout)
    # When it has shut down, uvicorn raises the signal again: an ordered end is no
    # failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        app,
        # Said to be a class, but whatever makes a protocol will do.
        http=cast("type[ServerProtocol]", partial(ServerProtocol, timeouts=timeouts)),
        ws="none",
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
    )


def protocol_error(status: int, request_id: str) -> bytes:
    """Render the answer to what could not be parsed, or did not come."""
    code, detail = PROBLEMS[status]
    scope = {"path": "", "state": {"request_id": request_id}}
    response = problem_response(scope, status, code, detail)
    headers = [
        *response.raw_headers,
        *security_headers(hsts=False),
        (b"x-request-id", request_id.encode()),
        (b"connection", b"close"),
    ]
    lines = [name + b": " + value + b"\r\n" for name, value in headers]
    return b"".join([STATUS_LINE[status], *lines, b"\r\n", bytes(response.body)])


class ServerProtocol(HttpToolsProtocol):
    """Speaks HTTP; bounds the head of a request, and the time that a client may take.

    Of itself, uvicorn bounds idle time alone. Most requests arrive whole, and need no
    timer. What is no HTTP is refused with a problem document.
    """

    reading: asyncio.TimerHandle | None = None
    writing: asyncio.TimerHandle | None = None
    in_head = False
    in_body = False
    head_bytes = 0
    unparsed_bytes = 0

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        timeouts: Timeouts,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.timeouts = timeouts

    def connection_made(  # type: ignore[override]
        self, transport: asyncio.Transport
    ) -> None:
        """Begin a connection; it may not stay silent."""
        super().connection_made(transport)
        self.time_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        super().connection_lost(exc)
        self.stop_reading_time()
        self.stop_writing_time()

    def data_received(self, data: bytes) -> None:
        """Parse what has come; a header that never ends would fill the memory."""
        request = self.scope
        super().data_received(data)
        incomplete = self.in_head or self.in_body or not self.is_answering()
        if incomplete and self.reading is None:
            self.time_reading()
        has_begun = self.scope is request is not None and "method" not in request
        self.unparsed_bytes = self.unparsed_bytes + len(data) if has_begun else 0
        if self.unparsed_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("Endless header.")

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.in_head = True
        self.head_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        self.count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self.count(len(name) + len(value) + FIELD_OVERHEAD)
        super().on_header(name, value)

    def count(self, size: int) -> None:
        """Count bytes of the head; an error makes the parser give up.

        Raises:
            OverflowError: If the head is too large.
        """
        self.head_bytes += size
        if self.head_bytes > MAX_HEAD_BYTES:
            raise OverflowError

    def on_headers_complete(self) -> None:
        """End a head."""
        self.in_head, self.in_body = False, True
        self.stop_reading_time()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a request."""
        self.in_body = False
        self.stop_reading_time()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """End an answer; from now on the client is waited for again."""
        super().on_response_complete()
        if self.transport.is_closing():
            self.time_writing()
        elif (self.in_head or self.in_body) and self.reading is None:
            self.time_reading()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that is idle."""
        self.close()

    def pause_writing(self) -> None:
        """Let the application wait: the client does not take what was written."""
        super().pause_writing()
        self.time_writing()

    def resume_writing(self) -> None:
        """Let the application go on."""
        super().resume_writing()
        if not self.transport.is_closing():
            self.stop_writing_time()

    def is_answering(self) -> bool:
        """Whether an answer is still to be given, or to be ended."""
        return self.cycle is not None and not self.cycle.response_complete

    def time_reading(self) -> None:
        """Start the clock for what the client has to send."""
        seconds = self.timeouts.body if self.in_body else self.timeouts.head
        self.reading = self.loop.call_later(seconds, self.give_up_reading)

    def stop_reading_time(self) -> None:
        """Stop that clock."""
        if self.reading is not None:
            self.reading.cancel()
            self.reading = None

    def give_up_reading(self) -> None:
        """Close the connection, unless a response is due: it has its own limits."""
        self.reading = None
        if self.is_answering():
            return
        if self.in_head:
            self.refuse(408, "Slow header.")
        else:
            self.close()

    def time_writing(self) -> None:
        """Start the clock for what the client has to take."""
        waiting = self.transport.get_write_buffer_size()
        if waiting and self.writing is None:
            self.writing = self.loop.call_later(
                self.timeouts.answer, self.give_up_writing, waiting
            )

    def stop_writing_time(self) -> None:
        """Stop that clock."""
        if self.writing is not None:
            self.writing.cancel()
            self.writing = None

    def give_up_writing(self, before: int) -> None:
        """Throw away what the client does not take; closing would wait for it."""
        self.writing = None
        if self.transport.get_write_buffer_size() < before:
            self.time_writing()
        else:
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Answer, unless an answer has begun, and close the connection."""
        too_large = max(self.head_bytes, self.unparsed_bytes) > MAX_HEAD_BYTES
        self.refuse(431 if too_large else 400, msg)

    def refuse(self, status: int, reason: str) -> None:
        """Answer, unless an answer has begun, and close the connection."""
        request_id = secrets.token_hex(16)
        logger.warning(
            "request_refused", reason=reason, status=status, request_id=request_id
        )
        if not self.is_answering() or not self.cycle.response_started:
            self.transport.write(protocol_error(status, request_id))
        self.close()

    def close(self) -> None:
        """Close the connection, once the client has taken what was written."""
        self.transport.close()
        self.time_writing()

    def _unsupported_upgrade_warning(self) -> None:
        """Log nothing: the request is answered as if it had asked for no upgrade."""
