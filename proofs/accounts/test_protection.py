"""A guard adds to what routers are included with, and takes nothing away."""

import pytest
from fastapi import Depends, FastAPI
from fastapi.routing import iter_route_contexts

from app.accounts.protection import demanding, include_guarded
from proofs.sample.endpoints import router


async def dependency() -> None:
    """Stand for any other dependency."""


def test_other_options_are_kept() -> None:
    options = demanding(
        "users:admin",
        prefix="/v2",
        dependencies=[Depends(dependency)],
        responses={404: {}},
    )
    assert options["prefix"] == "/v2"
    assert options["dependencies"][0] == Depends(dependency)
    assert options["responses"].keys() == {401, 403, 404}


@pytest.mark.asvs("8.2.1")
def test_every_operation_of_a_resource_is_guarded_and_has_what_was_asked_for() -> None:
    app = FastAPI()
    include_guarded(app, router, dependencies=[Depends(dependency)])
    routes = [
        one for one in iter_route_contexts(app.routes) if "/samples" in (one.path or "")
    ]
    assert len(routes) == len(router.routes)
    assert all(len(route.dependencies) == 2 for route in routes)
