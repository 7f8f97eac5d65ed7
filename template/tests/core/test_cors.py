"""Which web pages may call the API."""

import httpx2
import pytest

from app.core.settings.cors import CorsSettings
from tests.fixtures.custom import MakeClient

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


@pytest.fixture
def shared(make_client: MakeClient) -> httpx2.AsyncClient:
    """Give a client of an API that one web page may call, with cookies."""
    return make_client(cors=CorsSettings(allow_origins=(ORIGIN,), allow_credentials=True))


def preflight(origin: str, method: str = "PATCH") -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "Authorization",
    }


async def test_the_page_of_a_known_origin_may_read_answers(shared: httpx2.AsyncClient) -> None:
    response = await shared.get("/health/live", headers={"Origin": ORIGIN})
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert response.headers["Access-Control-Allow-Credentials"] == "true"
    assert response.headers["Access-Control-Expose-Headers"] == "X-Request-ID"
    assert "Origin" in response.headers["Vary"]


@pytest.mark.parametrize("origin", OTHERS)
async def test_the_page_of_another_origin_may_not(shared: httpx2.AsyncClient, origin: str) -> None:
    simple = await shared.get("/health/live", headers={"Origin": origin})
    asked = await shared.options("/api/v1/items", headers=preflight(origin))
    assert "Access-Control-Allow-Origin" not in simple.headers
    assert "Access-Control-Allow-Origin" not in asked.headers


async def test_a_known_origin_may_ask_first(shared: httpx2.AsyncClient) -> None:
    response = await shared.options("/api/v1/items", headers=preflight(ORIGIN))
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "PATCH" in response.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_method_that_is_not_offered_is_refused(shared: httpx2.AsyncClient) -> None:
    response = await shared.options("/api/v1/items", headers=preflight(ORIGIN, "TRACE"))
    assert response.status_code == 400


async def test_no_origin_is_allowed_by_default(client: httpx2.AsyncClient) -> None:
    response = await client.get("/health/live", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in response.headers


async def test_everyone_may_call_an_api_that_takes_no_cookies(make_client: MakeClient) -> None:
    client = make_client(cors=CorsSettings(allow_origins=("*",)))
    response = await client.get("/health/live", headers={"Origin": "https://any.test"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
