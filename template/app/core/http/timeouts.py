"""Closes the connections of clients that take too long: to ask, or to take an answer."""

import asyncio
import secrets
from typing import Any, NamedTuple

import structlog
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from app.core.errors import problem_response
from app.core.http.request import security_headers


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


MAX_HEAD_BYTES = 65_536
PROBLEMS = {
    400: ("bad_request", "This is not a valid HTTP request."),
    408: ("request_timeout", "The head of the request took too long."),
    431: (
        "request_header_fields_too_large",
        f"Address and headers must not be larger than {MAX_HEAD_BYTES} bytes.",
    ),
}


def refusal(status: int, request_id: str) -> bytes:
    """Render the answer to what could not be parsed, or did not come."""
    code, detail = PROBLEMS[status]
    scope = {"path": "", "state": {"request_id": request_id}}
    response = problem_response(scope, status, code, detail)
    headers = [
        *response.raw_headers,
        *security_headers(hsts_max_age=0),
        (b"x-request-id", request_id.encode()),
        (b"connection", b"close"),
    ]
    lines = [name + b": " + value + b"\r\n" for name, value in headers]
    return b"".join([STATUS_LINE[status], *lines, b"\r\n", bytes(response.body)])


logger = structlog.get_logger()


class TimeoutProtocol(HttpToolsProtocol):
    """Has time for slow clients, but not for ever; of itself, uvicorn bounds idle time alone.

    Most requests arrive whole, and need no timer.
    """

    reading: asyncio.TimerHandle | None = None
    writing: asyncio.TimerHandle | None = None
    in_head = False
    in_body = False

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        patience: Timeouts,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.patience = patience

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection; it may not stay silent."""
        super().connection_made(transport)
        self.time_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        super().connection_lost(exc)
        self.stop_reading_time()
        self.stop_writing_time()

    def data_received(self, data: bytes) -> None:
        """Parse what has come; for what is still to come there is a limit."""
        super().data_received(data)
        incomplete = self.in_head or self.in_body or not self.is_answering()
        if incomplete and self.reading is None:
            self.time_reading()

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.in_head = True

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
        """Tell whether an answer is still to be given, or to be ended."""
        return self.cycle is not None and not self.cycle.response_complete

    def time_reading(self) -> None:
        """Start the clock for what the client has to send."""
        seconds = self.patience.body if self.in_body else self.patience.head
        self.reading = self.loop.call_later(seconds, self.give_up_reading)

    def stop_reading_time(self) -> None:
        """Stop that clock."""
        if self.reading is not None:
            self.reading.cancel()
            self.reading = None

    def give_up_reading(self) -> None:
        """Close the connection; not while there is an answer to give, which has its own limits."""
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
                self.patience.answer, self.give_up_writing, waiting
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

    def refuse(self, status: int, reason: str) -> None:
        """Answer, unless an answer has begun, and close the connection."""
        request_id = secrets.token_hex(16)
        logger.warning(
            "request_refused", reason=reason, status=status, request_id=request_id
        )
        if not self.is_answering() or not self.cycle.response_started:
            self.transport.write(refusal(status, request_id))
        self.close()

    def close(self) -> None:
        """Close the connection, once the client has taken what was written."""
        self.transport.close()
        self.time_writing()
