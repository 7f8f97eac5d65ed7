"""Refuses request bodies that take too long to arrive."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive


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
