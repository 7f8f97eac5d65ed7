"""Refuses request bodies that take too long to arrive."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from app.core.errors import TooLargeError

# Nothing reads the body of these: the server throws it away.
BODILESS_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def checked_body(
    scope: Scope, receive: Receive, max_bytes: int, seconds: float
) -> Receive:
    """Check a body while it is read, whether its length was announced or not.

    Args:
        scope: The request.
        receive: Reads the body.
        max_bytes: Size of the largest body.
        seconds: How long it may take to arrive.

    Raises:
        TooLargeError: If a larger one is announced.
    """
    if scope["method"] in BODILESS_METHODS:
        return receive
    too_large = f"The body must not be larger than {max_bytes} bytes."
    announced = header(scope, b"content-length")
    if announced.isdigit() and int(announced) > max_bytes:
        raise TooLargeError(too_large)
    received = 0
    receive = timed_body(receive, seconds)

    # Only an `HTTPException` passes through FastAPI's parsing of the body.
    async def receive_checked() -> Message:
        nonlocal received
        message = await receive()
        part = message.get("body", b"")
        if is_no_utf8(part, begins=not received) and is_json(scope):
            raise HTTPException(400, "JSON must be UTF-8, without a byte order mark.")
        received += len(part)
        if received > max_bytes:
            raise HTTPException(413, too_large)
        return message

    return receive_checked


def is_no_utf8(part: bytes, *, begins: bool) -> bool:
    """Tell whether JSON is in UTF-16 or UTF-32, or has a byte order mark (RFC 8259, section 8.1).

    JSON begins with an ASCII character and has no NUL; the other encodings of ASCII do.
    """
    return b"\0" in part or (begins and not part[:1].isascii())


def is_json(scope: Scope) -> bool:
    """Tell whether the body claims to be JSON, so that the framework will parse it."""
    media_type = header(scope, b"content-type").partition(b";")[0]
    return media_type.strip().lower().endswith(b"json")


def header(scope: Scope, wanted: bytes) -> bytes:
    """Give the value of a request header; empty where there is none."""
    for name, value in scope["headers"]:
        if name == wanted:
            return bytes(value)
    return b""


def timed_body(receive: Receive, seconds: float) -> Receive:
    """Bound the time for a body, from when its first part is asked for.

    Args:
        receive: Reads the body, and waits for the end of the connection after it.
        seconds: How long all parts together may take.
    """
    time = asyncio.get_running_loop().time
    deadline: float | None = None
    complete = False

    async def receive_in_time() -> Message:
        nonlocal deadline, complete
        if complete:
            return await receive()
        deadline = deadline or time() + seconds
        try:
            async with asyncio.timeout_at(deadline) as limit:
                message = await receive()
        except TimeoutError:
            if not limit.expired():
                raise
            # What may still come of the body is not waited for.
            headers = {"Connection": "close"}
            raise HTTPException(408, "The body took too long.", headers) from None
        complete = not message.get("more_body", False)
        return message

    return receive_in_time
