"""What the answer does not let clients do has no endpoint; rows come from services."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import yaml
from fastapi import FastAPI
from pydantic import ValidationError

from app.core.errors import ConflictError
from app.core.resource.repository import Scope
from app.core.resource.service import ResourceService
from app.models.currency import Currency
from app.models.event import Event
from app.schemas.currency import CurrencyCreate
from app.schemas.event import EventCreate
from app.services.currency import CurrencyService
from app.services.event import EventService
from proofs.conditions import ACCOUNTS, ROOT
from proofs.resources.answer import Resource, everything

ALL = ["list", "read", "create", "update", "delete"]
CALLS = {
    "list": ("GET", ""),
    "read": ("GET", "/{id}"),
    "create": ("POST", ""),
    "update": ("PUT PATCH", "/{id}"),
    "delete": ("DELETE", "/{id}"),
}
"""The methods and the path of each operation."""

GIVEN = yaml.safe_load((ROOT / ".copier-answers.yml").read_text())["resources"]
each_resource = pytest.mark.parametrize("one", everything(), ids=lambda one: one.name)


@pytest.fixture
def scope(request: pytest.FixtureRequest) -> Scope:
    """Return the scope of the usual client."""
    if not ACCOUNTS(ROOT):
        return Scope()
    return Scope(request.getfixturevalue("user").id)


def allowed(name: str) -> list[str]:
    """Return what clients can do with the rows of a resource, as the answer says."""
    said = next(one for one in GIVEN if one["name"] == name).get("operations", ALL)
    return said.split(", ") if isinstance(said, str) else list(said)


def calls(one: Resource, *, can: bool) -> Iterator[tuple[str, str]]:
    """Return the calls that there are, or that there are not: a method and a path."""
    for operation, (methods, path) in CALLS.items():
        if (operation in allowed(one.name)) is can:
            for method in methods.split():
                yield method, one.url + path


def links(one: Resource) -> Iterator[tuple[str, str]]:
    """Return the lists of links at either end, and what they show."""
    for link in one.links:
        path, many = link.name.replace("_", "-"), one.plural.replace("_", "-")
        other = next(each for each in everything() if each.name == link.to)
        by = "" if link.name == other.plural else f"-by-{path}"
        yield f"{one.url}/{{id}}/{path}", other.name
        yield f"{other.url}/{{id}}/{many}{by}", one.name


def documented(document: dict[str, Any]) -> set[tuple[str, str]]:
    """Return all calls that the document has, with `{id}` for all parameters."""
    found = set()
    for path, methods in document["paths"].items():
        parts = ["{id}" if part[:1] == "{" else part for part in path.split("/")]
        found |= {(method.upper(), "/".join(parts)) for method in methods}
    return found


@each_resource
async def test_what_is_not_named_has_no_endpoint(
    client: httpx2.AsyncClient, app: FastAPI, one: Resource
) -> None:
    there = documented(app.openapi())
    for method, path in calls(one, can=False):
        assert (method, path) not in there
        for name in (str(uuid4()), "1", "%00", ""):
            url = path.replace("{id}", name)
            response = await client.request(method, url, json={"id": 1})
            if method == "GET" and not name:
                continue
            assert response.status_code in (404, 405), (method, url)
            assert response.headers["Content-Type"] == "application/problem+json"
            assert method not in response.headers.get("Allow", "").split(", ")
    assert set(calls(one, can=True)) <= there


@each_resource
async def test_links_have_what_their_ends_have(app: FastAPI, one: Resource) -> None:
    there = documented(app.openapi())
    for path, shown in links(one):
        assert (("GET", path) in there) is ("list" in allowed(shown))
        for method in ("PUT", "DELETE"):
            assert ((method, f"{path}/{{id}}") in there) is (
                "update" in allowed(one.name)
            )


@each_resource
async def test_bodies_that_nobody_sends_are_not_there(
    app: FastAPI, one: Resource
) -> None:
    schemas = import_module(f"app.schemas.{one.name}")
    name = "".join(part.capitalize() for part in one.name.split("_"))
    can = allowed(one.name)
    for ending, operation in (
        ("Page", "list"),
        ("Query", "list"),
        ("Replace", "update"),
        ("Update", "update"),
    ):
        assert hasattr(schemas, name + ending) is (operation in can), ending
    shown = app.openapi()["components"]["schemas"]
    assert (f"{name}Create" in shown) is ("create" in can)


async def test_a_service_makes_rows_by_the_rules_of_their_fields(
    client: httpx2.AsyncClient, sessions: Any, scope: Scope
) -> None:
    def body(**values: Any) -> EventCreate:
        return EventCreate(
            **{"kind": "made", "at": "2026-01-31T12:00:00Z", "source": "job"} | values
        )

    for wrong in (
        {"kind": "none"},
        {"source": "x" * 41},
        {"source": "a\x00"},
        {"a": 1},
    ):
        with pytest.raises(ValidationError):
            body(**wrong)
    async with sessions.begin() as session:
        service: ResourceService[Event] = EventService(session, scope)
        first = await service.create(body())
        second = await service.create(body(kind="sent", follows_id=first.id))
        with pytest.raises(ConflictError):
            await service.create(body(follows_id=second.id + 1))
    page = (await client.get("/api/v1/events?sort=created_at")).json()
    assert [row["number"] for row in page["items"]] == ["000001", "000002"]
    read = await client.get(f"/api/v1/events/{second.id}?include=follows")
    assert read.json()["included"]["follows"]["id"] == first.id
    refused = await client.patch(f"/api/v1/events/{first.id}", json={"kind": "gone"})
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD")


async def test_what_is_only_listed_has_its_filters(
    client: httpx2.AsyncClient, sessions: Any, scope: Scope
) -> None:
    async with sessions.begin() as session:
        service: ResourceService[Currency] = CurrencyService(session, scope)
        for code, rate in (("EUR", "1"), ("NOK", "11.5")):
            await service.create(CurrencyCreate(code=code, rate=rate))
    found = await client.get("/api/v1/currencies?rate__gte=2&sort=-rate")
    assert [row["code"] for row in found.json()["items"]] == ["NOK"]
    [row] = found.json()["items"]
    assert (await client.get(f"/api/v1/currencies/{row['id']}")).status_code == 404
