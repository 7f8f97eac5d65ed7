"""The time that requests may take, each for itself."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.core.http.middleware import ErrorMiddleware
from app.core.settings import HttpSettings

SECONDS = 0.1


async def serve(app: Any, seconds: float = SECONDS) -> int:
    """Return the status that a request is answered with; 0 if there is no answer."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [(b"host", b"test")],
        "state": {"status": 0, "request_id": ""},
    }
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    settings = HttpSettings(request_timeout=seconds)
    await ErrorMiddleware(app, http=settings)(scope, receive, send)
    return messages[0]["status"] if messages else 0


async def slow(_scope: Scope, _receive: Receive, _send: Send) -> None:
    await asyncio.sleep(60)


async def quick(_scope: Scope, _receive: Receive, _send: Send) -> None:
    await asyncio.sleep(0)


async def test_each_request_has_its_own_time() -> None:
    loop = asyncio.get_running_loop()

    async def timed() -> float:
        began = loop.time()
        assert await serve(slow) == 503
        return loop.time() - began

    tasks = []
    for _ in range(3):
        tasks.append(asyncio.create_task(timed()))
        await asyncio.sleep(SECONDS / 4)
    async with asyncio.timeout(5):
        assert min(await asyncio.gather(*tasks)) >= SECONDS * 0.95


async def test_a_request_that_is_done_in_time_is_left_alone() -> None:
    assert await serve(quick) == 0
    await asyncio.sleep(SECONDS * 2)
    assert await serve(slow) == 503


async def test_another_cancellation_goes_on() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await serve(slow, seconds=60)


async def test_a_time_out_of_something_else_is_no_slow_request() -> None:
    async def fail(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise TimeoutError

    assert await serve(fail, seconds=60) == 500


async def test_a_time_limit_inside_a_request_holds_for_itself() -> None:
    async def nested(_scope: Scope, _receive: Receive, _send: Send) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await asyncio.sleep(60)

    assert await serve(nested) == 0


def test_event_loops_have_time_limits_of_their_own() -> None:
    assert [asyncio.run(serve(slow)) for _ in range(2)] == [503, 503]
