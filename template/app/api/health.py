"""Probes for whoever runs the application; outside the version prefix."""

from fastapi import APIRouter, Request

from app.core.openapi import problem_responses
from app.core.probes import PREFIX
from app.schemas.health import Liveness, Readiness
from app.services.health import run_checks

router = APIRouter(prefix=PREFIX, tags=["health"])


@router.get("/live")
async def get_liveness() -> Liveness:
    """Say that the process runs; if this fails, restart it."""
    return Liveness()


@router.get("/ready", responses=problem_responses(503))
async def get_readiness(request: Request) -> Readiness:
    """Say whether requests can be served; if this fails, send them elsewhere."""
    state = request.app.state
    names = await run_checks(state.readiness_checks, state.settings.health.timeout)
    return Readiness(checks=dict.fromkeys(names, "ok"))
