"""Probes for whoever runs the application; outside the version prefix."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal, NamedTuple

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.datastructures import State

from app.core.errors import UnavailableError
from app.core.http.request import PROBES
from app.core.openapi import problem_responses

CHECK_TIMEOUT, FRESH = 2, 1
"""Seconds that each check may take, and for which its outcome holds."""

Check = Callable[[], Awaitable[None]]

logger = structlog.get_logger()
router = APIRouter(prefix=PROBES.removesuffix("/"), tags=["health"])
# The event loop alone would not keep them; see `asyncio.create_task`.
running: set[asyncio.Task[bool]] = set()


class Look(NamedTuple):
    """The outcome of checks, which holds for a while."""

    checks: Mapping[str, Check]
    task: asyncio.Task[list[str]]
    until: float


class Liveness(BaseModel):
    """The process runs."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """Requests can be served."""

    status: Literal["ready"] = "ready"
    checks: dict[str, Literal["ok"]]


@router.get("/live", responses=problem_responses(400))
async def get_liveness() -> Liveness:
    """Say that the process runs; if this fails, restart it."""
    return Liveness()


@router.get("/ready", responses=problem_responses(400, 503))
async def get_readiness(request: Request) -> Readiness:
    """Say whether requests can be served; if this fails, send them elsewhere."""
    checks = request.app.state.readiness_checks
    if failed := await failing_now(request.app.state, checks):
        raise UnavailableError(f"Not ready: {', '.join(failed)}.")
    return Readiness(checks=dict.fromkeys(checks, "ok"))


async def failing_now(state: State, checks: Mapping[str, Check]) -> list[str]:
    """Return the names of checks that fail; those who ask in a second share a look."""
    now = asyncio.get_running_loop().time()
    last: Look | None = getattr(state, "last_look", None)
    is_over = last and last.task.done() and now >= last.until
    if last is None or is_over or last.checks is not checks:
        last = Look(checks, asyncio.create_task(failing(checks)), now + FRESH)
        state.last_look = last
    return await asyncio.shield(last.task)


async def failing(checks: Mapping[str, Check]) -> list[str]:
    """Run all checks at once, and return the names of those that fail."""
    tasks = {name: asyncio.create_task(passes(name, checks[name])) for name in checks}
    running.update(tasks.values())
    for task in tasks.values():
        task.add_done_callback(running.discard)
    try:
        await asyncio.wait(tasks.values(), timeout=CHECK_TIMEOUT)
    finally:
        # Their end is not waited for: closing a connection that hangs takes long.
        late = [name for name, task in tasks.items() if task.cancel()]
    for name in late:
        logger.warning("check_failed", check=name, error="late", kind="TimeoutError")
    return [name for name, task in tasks.items() if name in late or not task.result()]


async def passes(name: str, check: Check) -> bool:
    """Run one check; whatever goes wrong in it, it only means that the check failed."""
    try:
        await check()
    except Exception as error:  # noqa: BLE001
        kind = type(error).__name__
        logger.warning("check_failed", check=name, error=str(error), kind=kind)
        return False
    return True
