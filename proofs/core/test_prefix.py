"""Below the path of a proxy everything works, whether the proxy takes it away or not."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.settings import HttpSettings, ServerSettings
from proofs.fixtures.app import client_key
from proofs.fixtures.custom import MakeApp, borrow

PREFIX = "/shop"
BELOW = ServerSettings(root_path=PREFIX)

router = APIRouter()


@router.post("/larger", max_body_size=2000)
async def take_more(body: dict[str, str]) -> int:
    return len(body)


def take_prefix_away(app: ASGIApp) -> ASGIApp:
    """Call an application as a proxy does that keeps the prefix to itself."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(PREFIX)
        await app({**scope, "path": path}, receive, send)

    return call


@pytest.fixture(params=["taken away", "left"])
async def shop(
    request: pytest.FixtureRequest,
    app: FastAPI,
    make_app: MakeApp,
    client: httpx2.AsyncClient,
) -> AsyncIterator[httpx2.AsyncClient]:
    """Give a client of an application behind either kind of proxy, logged in as `client`."""
    http = HttpSettings(max_body_bytes=1000, allowed_hosts=("test",))
    other = borrow(app, make_app(server=BELOW, http=http))
    other.include_router(router)
    called = take_prefix_away(other) if request.param == "taken away" else other
    headers = dict(client.headers)
    if "cookie" in headers:
        headers["cookie"] = headers["cookie"].replace("session=", "session-shop=")
    async with client_key(called, headers=headers) as caller:
        yield caller


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
async def test_a_page_finds_all_that_it_needs(
    shop: httpx2.AsyncClient, page: str
) -> None:
    text = (await shop.get(f"{PREFIX}{page}")).text
    found = set(re.findall(r'"(/[^"]+(?:js|css|png|json))"', text.replace("'", '"')))
    assert len(found) >= 3
    for path in found:
        assert path.startswith(f"{PREFIX}/")
        assert (await shop.get(path)).status_code == 200


async def test_the_document_says_where_the_api_is(shop: httpx2.AsyncClient) -> None:
    document = (await shop.get(f"{PREFIX}/openapi.json")).json()
    assert document["servers"] == [{"url": PREFIX}]
    assert "/samples" in document["paths"]


async def test_what_was_created_can_be_read_where_location_says(
    shop: httpx2.AsyncClient,
) -> None:
    values = {"name": "Lamp", "amount": "24.90"}
    created = await shop.post(f"{PREFIX}/samples", json=values)
    assert created.status_code == 201, created.text
    assert created.headers["Location"].startswith(f"{PREFIX}/samples/")
    assert (await shop.get(created.headers["Location"])).json() == created.json()


async def test_an_error_says_what_a_path_offers(shop: httpx2.AsyncClient) -> None:
    refused = await shop.delete(f"{PREFIX}/samples")
    assert refused.status_code == 405
    assert refused.headers["Allow"] == "GET, HEAD, POST"
    assert refused.json()["instance"] == f"{PREFIX}/samples"


async def test_a_route_takes_the_body_that_it_declares(
    shop: httpx2.AsyncClient,
) -> None:
    body = {"name": "x" * 1500}
    assert (await shop.post(f"{PREFIX}/larger", json=body)).status_code == 200
    assert (await shop.post(f"{PREFIX}/samples", json=body)).status_code == 413


@pytest.mark.parametrize("prefix", ["", PREFIX])
async def test_a_probe_comes_from_outside_or_by_address(
    shop: httpx2.AsyncClient, prefix: str
) -> None:
    address = {"Host": "192.0.2.1"}
    live = await shop.get(f"{prefix}/health/live", headers=address)
    assert live.status_code == 200
    other = await shop.get(f"{prefix}/samples", headers=address)
    assert other.status_code == 400


@pytest.mark.parametrize("path", ["shop", "/shop", "/shop/", "shop/"])
def test_one_prefix_is_written_in_many_ways(path: str) -> None:
    assert ServerSettings(root_path=path) == BELOW


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/v1", "health", "/docs/", "/a b", "//a//b", "https://a", "/?a"],
)
def test_what_cannot_be_told_from_a_route_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="must be a path such as /shop"):
        ServerSettings(root_path=path)


@pytest.mark.parametrize("path", ["", "/", "/apis", "/shop/api"])
def test_other_prefixes_are_taken(path: str) -> None:
    assert ServerSettings(root_path=path).root_path == path.rstrip("/")
