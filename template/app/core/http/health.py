"""Probes for whoever runs the application; outside the version prefix."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

import structlog
from fastapi import APIRouter, Request

from app.core.errors import UnavailableError
from app.core.http.scope import PROBES
from app.core.openapi import problem_responses
from app.core.schemas import ResponseSchema


class Liveness(ResponseSchema):
    """The process runs."""

    status: Literal["alive"] = "alive"


class Readiness(ResponseSchema):
    """Requests can be served."""

    status: Literal["ready"] = "ready"
    checks: dict[str, Literal["ok"]]


CHECK_TIMEOUT = 2
"""Seconds that each check may take."""

Check = Callable[[], Awaitable[None]]

logger = structlog.get_logger()
# The event loop alone would not keep them:
# https://docs.python.org/3/library/asyncio-task.html.
given_up: set[asyncio.Future[None]] = set()


def give_up(running: asyncio.Future[None]) -> None:
    """Cancel a check without waiting: closing a connection that hangs takes long."""
    running.cancel()
    given_up.add(running)
    running.add_done_callback(given_up.discard)
    running.add_done_callback(lambda ended: ended.cancelled() or ended.exception())


async def run_check(check: Check, seconds: float) -> None:
    """Run one check.

    Raises:
        TimeoutError: If it takes too long.
    """
    running = asyncio.ensure_future(check())
    try:
        done, _ = await asyncio.wait([running], timeout=seconds)
    finally:
        if not running.done():
            give_up(running)
    if not done:
        raise TimeoutError(f"no answer within {seconds:g} seconds")
    running.result()


async def passes(name: str, check: Check, seconds: float) -> bool:
    """Run one check; whatever goes wrong in it, it only means that the check failed."""
    try:
        await run_check(check, seconds)
    except Exception as error:  # noqa: BLE001
        logger.warning(
            "check_failed", check=name, error=str(error), kind=type(error).__name__
        )
        return False
    return True


async def run_checks(checks: Mapping[str, Check], seconds: float) -> list[str]:
    """Run all checks at once.

    Args:
        checks: What to check, by name.
        seconds: How long each check may take.

    Returns:
        The names of the checks.

    Raises:
        UnavailableError: If a check fails; its detail names which.
    """
    running = [passes(name, check, seconds) for name, check in checks.items()]
    results = zip(checks, await asyncio.gather(*running), strict=True)
    failed = [name for name, passed in results if not passed]
    if failed:
        raise UnavailableError(f"Not ready: {', '.join(failed)}.")
    return list(checks)


router = APIRouter(prefix=PROBES.removesuffix("/"), tags=["health"])


@router.get("/live")
async def get_liveness() -> Liveness:
    """Say that the process runs; if this fails, restart it."""
    return Liveness()


@router.get("/ready", responses=problem_responses(503))
async def get_readiness(request: Request) -> Readiness:
    """Say whether requests can be served; if this fails, send them elsewhere."""
    state = request.app.state
    names = await run_checks(state.readiness_checks, CHECK_TIMEOUT)
    return Readiness(checks=dict.fromkeys(names, "ok"))
