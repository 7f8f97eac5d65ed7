"""Which web pages may call the API."""

import asyncio

import httpx2
import pytest
from fastapi import APIRouter

from app.core.settings import CorsSettings, HttpSettings
from proofs.fixtures.custom import MakeClient

ORIGIN = "https://app.example.com"
OTHERS = [
    "https://evil.test",
    "null",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com.evil.test",
    "https://evil-app.example.com",
    "https://appxexample.com",
]


router = APIRouter()


@router.get("/fails")
async def fail() -> None:
    raise RuntimeError


@router.get("/hangs")
async def hang() -> None:
    await asyncio.Event().wait()


@pytest.fixture
def shared(make_client: MakeClient) -> httpx2.AsyncClient:
    """Give a client of an API that one web page may call, with cookies."""
    return make_client(
        cors=CorsSettings(allow_origins=(ORIGIN,), allow_credentials=True)
    )


def preflight(origin: str, method: str = "PATCH") -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "Authorization",
    }


async def test_the_page_of_a_known_origin_may_read_answers(
    shared: httpx2.AsyncClient,
) -> None:
    response = await shared.get("/health/live", headers={"Origin": ORIGIN})
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert response.headers["Access-Control-Allow-Credentials"] == "true"
    exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Location", "Retry-After", "X-Request-ID"} <= set(exposed)
    assert "Origin" in response.headers["Vary"]


@pytest.mark.parametrize("origin", OTHERS)
async def test_the_page_of_another_origin_may_not(
    shared: httpx2.AsyncClient, origin: str
) -> None:
    simple = await shared.get("/health/live", headers={"Origin": origin})
    asked = await shared.options("/samples", headers=preflight(origin))
    for response in (simple, asked):
        assert not [
            name for name in response.headers if name.startswith("access-control-")
        ]
        assert "Origin" in response.headers["Vary"]


async def test_a_known_origin_may_ask_first(shared: httpx2.AsyncClient) -> None:
    response = await shared.options("/samples", headers=preflight(ORIGIN))
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "PATCH" in response.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_method_that_is_not_offered_is_refused(
    shared: httpx2.AsyncClient,
) -> None:
    response = await shared.options("/samples", headers=preflight(ORIGIN, "TRACE"))
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == "This origin may not send such a request."


@pytest.mark.parametrize(
    ("path", "headers", "seconds", "status"),
    [
        ("/fails", {}, 30, 500),
        ("/hangs", {}, 0.01, 503),
        ("/nowhere", {"Host": "evil.test"}, 30, 400),
    ],
)
async def test_a_page_can_read_every_error(
    make_client: MakeClient,
    path: str,
    headers: dict[str, str],
    seconds: float,
    status: int,
) -> None:
    http = HttpSettings(allowed_hosts=("test",), request_timeout=seconds)
    client = make_client(router, cors=CorsSettings(allow_origins=(ORIGIN,)), http=http)
    response = await client.get(path, headers={"Origin": ORIGIN, **headers})
    assert response.status_code == status
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN


async def test_no_origin_is_allowed_by_default(client: httpx2.AsyncClient) -> None:
    response = await client.get("/health/live", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in response.headers


async def test_everyone_may_call_an_api_that_takes_no_cookies(
    make_client: MakeClient,
) -> None:
    client = make_client(cors=CorsSettings(allow_origins=("*",)))
    response = await client.get("/health/live", headers={"Origin": "https://any.test"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers


async def test_a_page_can_read_that_its_body_is_too_large(
    make_client: MakeClient,
) -> None:
    client = make_client(cors=CorsSettings(allow_origins=(ORIGIN,)))
    headers = {"Origin": ORIGIN, "Content-Length": "9999999"}
    response = await client.post("/nowhere", headers=headers)
    assert response.status_code == 413
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
