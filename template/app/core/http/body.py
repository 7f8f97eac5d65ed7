"""Request bodies: how large they may be, how long they may take, and their encoding."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from app.core.errors import TooLargeError
from app.core.http.scope import SAFE_METHODS, header


class CheckedBody:
    """Reads a body, and refuses it while it arrives: its length need not be announced.

    What it raises is an `HTTPException`: nothing else passes through FastAPI's parsing.
    """

    def __init__(
        self, scope: Scope, receive: Receive, *, max_bytes: int, seconds: float
    ) -> None:
        self.scope = scope
        self.receive = receive
        self.max_bytes = max_bytes
        self.seconds = seconds
        self.received = 0
        self.deadline: float | None = None
        self.is_complete = False

    async def __call__(self) -> Message:
        """Return the next part, or the end of the connection after the last one."""
        message = await (self.receive() if self.is_complete else self.receive_in_time())
        part = message.get("body", b"")
        if is_not_utf8(part, begins=not self.received) and is_json(self.scope):
            raise HTTPException(400, "JSON must be UTF-8, without a byte order mark.")
        self.received += len(part)
        if self.received > self.max_bytes:
            raise HTTPException(413, too_large(self.max_bytes))
        return message

    async def receive_in_time(self) -> Message:
        """Return the next part; the time for all of them begins with the first."""
        loop = asyncio.get_running_loop()
        self.deadline = self.deadline or loop.time() + self.seconds
        try:
            async with asyncio.timeout_at(self.deadline) as limit:
                message = await self.receive()
        except TimeoutError:
            if not limit.expired():
                raise
            # What may still come of the body is not waited for.
            headers = {"Connection": "close"}
            raise HTTPException(408, "The body took too long.", headers) from None
        self.is_complete = not message.get("more_body", False)
        return message


def checked_body(
    scope: Scope, receive: Receive, *, max_bytes: int, seconds: float
) -> Receive:
    """Return what reads the body within limits.

    Raises:
        TooLargeError: If a larger one is announced.
    """
    if scope["method"] in SAFE_METHODS:
        return receive
    announced = header(scope, b"content-length")
    if announced.isdigit() and int(announced) > max_bytes:
        raise TooLargeError(too_large(max_bytes))
    return CheckedBody(scope, receive, max_bytes=max_bytes, seconds=seconds)


def too_large(max_bytes: int) -> str:
    """Return what a client is told of the limit."""
    return f"The body must not be larger than {max_bytes} bytes."


def is_not_utf8(part: bytes, *, begins: bool) -> bool:
    """Whether JSON is UTF-16, UTF-32, or has a byte order mark (RFC 8259, section 8.1).

    JSON begins with an ASCII character and has no NUL; the other encodings of ASCII do.
    """
    return b"\0" in part or (begins and not part[:1].isascii())


def is_json(scope: Scope) -> bool:
    """Whether the body claims to be JSON, so that the framework will parse it."""
    media_type = header(scope, b"content-type").partition(b";")[0]
    return media_type.strip().lower().endswith(b"json")
