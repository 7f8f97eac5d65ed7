"""A guard adds to what routers are included with, and takes nothing away."""

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import iter_route_contexts

from app.accounts import include_protected_router
from proofs.sample.endpoints import router


async def dependency() -> None:
    """Stand for any other dependency."""


def test_every_operation_of_a_resource_is_guarded_and_has_what_was_asked_for() -> None:
    app = FastAPI()
    target = APIRouter(dependencies=[Depends(dependency)])
    include_protected_router(target, router, prefix="/v2")
    app.include_router(target)
    routes = [
        one
        for one in iter_route_contexts(app.routes)
        if "/v2/samples" in (one.path or "")
    ]
    assert len(routes) == len(router.routes)
    assert all(len(route.dependencies) == 2 for route in routes)
