"""A request has its own transaction or begins units of work, never both."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from app.accounts import CurrentUser
from app.accounts.dependencies import UnitOfWorkDep, get_unit_of_work
from app.accounts.providers import get_parts
from app.db.session import get_session

# Where there is one writer, a request that has both waits for itself.
BOTH = {get_session, get_unit_of_work}


def providers(dependant: Dependant) -> set[Callable[..., Any] | None]:
    """Give whatever is called for a route."""
    inner = (providers(one) for one in dependant.dependencies)
    return {dependant.call}.union(*inner)


def provided(app: FastAPI) -> dict[str, set[Callable[..., Any] | None]]:
    """Give whatever is called for each route."""
    routes = [
        one
        for one in iter_route_contexts(app.routes)
        if getattr(one, "dependant", None)
    ]
    return {f"{one.methods} {one.path}": providers(one.dependant) for one in routes}


def used(app: FastAPI) -> dict[str, set[Callable[..., Any] | None]]:
    """Give which of the two each route uses."""
    return {route: found & BOTH for route, found in provided(app).items()}


async def test_no_route_uses_both(app: FastAPI) -> None:
    found = used(app)
    assert set().union(*found.values()) == BOTH
    assert [route for route, both in found.items() if both == BOTH] == []


async def test_whoever_counts_attempts_begins_units_of_work(app: FastAPI) -> None:
    throttled = [found for found in provided(app).values() if get_parts in found]
    assert throttled
    assert all(get_unit_of_work in found for found in throttled)


async def test_a_route_that_uses_both_is_found(
    app: FastAPI, add_route: Callable[..., None]
) -> None:
    async def wait_for_itself(user: CurrentUser, begin: UnitOfWorkDep) -> None:
        """Do nothing."""

    add_route("/both", wait_for_itself)
    assert [route for route, both in used(app).items() if both == BOTH] == [
        "{'GET'} /both"
    ]
