"""Refuses request bodies that take too long to arrive."""

from asyncio import get_running_loop

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from app.core.middleware.time_limit import TimeLimit


def timed_body(receive: Receive, seconds: float) -> Receive:
    """Bound the time for a body, from when its first part is asked for.

    Args:
        receive: Reads the body, and waits for the end of the connection after it.
        seconds: How long all parts together may take.
    """
    time = get_running_loop().time
    deadline: float | None = None
    complete = False

    async def receive_in_time() -> Message:
        nonlocal deadline, complete
        if complete:
            return await receive()
        now = time()
        deadline = deadline or now + seconds
        with TimeLimit(deadline - now, too_slow):
            message = await receive()
        complete = not message.get("more_body", False)
        return message

    return receive_in_time


def too_slow() -> HTTPException:
    """Make the error; what may still come of the body is not waited for."""
    return HTTPException(408, "The body took too long.", {"Connection": "close"})
