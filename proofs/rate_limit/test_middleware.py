"""What the limiter does when a client does not take its answer."""

import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from app.core.rate_limit.limits import LimitResult, Policy, RateLimitSettings
from app.core.rate_limit.middleware import RateLimitKey, RateLimitMiddleware


class Refused(RateLimitKey):
    """Counts the answers 401."""

    count = 0

    def refuse(self, _scope: Scope) -> None:
        """Count one."""
        self.count += 1


class AllowingStore:
    """Counts nothing."""

    async def hit(self, _policy: Policy, _key: str) -> LimitResult:
        """Allow every request."""
        return LimitResult([(1, 1)])


async def nothing(*_: object) -> Message:
    return {}


@pytest.mark.parametrize(("status", "noted"), [(401, 1), (200, 0)])
async def test_a_refusal_is_noted_even_if_it_cannot_be_sent(
    status: int, noted: int
) -> None:
    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        scope["state"]["status"] = status
        raise TimeoutError

    callers = Refused()
    middleware = RateLimitMiddleware(
        app, store=AllowingStore(), settings=RateLimitSettings(), key=callers
    )
    state = {"response_headers": [], "status": 0}
    scope = {
        "type": "http",
        "path": "/",
        "app": FastAPI(),
        "state": state,
        "method": "GET",
    }
    with pytest.raises(TimeoutError):
        await middleware(scope, nothing, nothing)  # type: ignore[arg-type]
    assert callers.count == noted
