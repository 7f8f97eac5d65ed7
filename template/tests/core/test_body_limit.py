"""The size of request bodies."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from app.core.settings.http import HttpSettings
from tests.fixtures.custom import MakeClient

LIMIT = 1000
URL = "/api/v1/items"


@pytest.fixture
def small(make_client: MakeClient) -> httpx2.AsyncClient:
    """Give a client of an API that takes small bodies only."""
    return make_client(http=HttpSettings(max_body_bytes=LIMIT))


def assert_too_large(response: httpx2.Response) -> None:
    assert response.status_code == 413
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json()["error_code"] == "content_too_large"
    assert response.json()["detail"] == f"The body must not be larger than {LIMIT} bytes."


async def test_a_body_that_is_announced_too_large_is_not_read(small: httpx2.AsyncClient) -> None:
    async def body() -> AsyncIterator[bytes]:
        raise AssertionError("The body was read.")
        yield b""

    headers = {"Content-Length": str(LIMIT + 1), "Content-Type": "application/json"}
    assert_too_large(await small.post(URL, content=body(), headers=headers))


@pytest.mark.parametrize(
    "announced", [{}, {"Content-Length": "10"}, {"Content-Length": "-1"}, {"Content-Length": "x"}]
)
async def test_a_body_that_grows_too_large_is_not_read_to_its_end(
    small: httpx2.AsyncClient, announced: dict[str, str]
) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 100
            yield b"x" * 100

    headers = {"Content-Type": "application/json", **announced}
    assert_too_large(await small.post(URL, content=body(), headers=headers))
    assert sent <= LIMIT + 200


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 400), (LIMIT + 1, 413)])
async def test_a_body_may_be_exactly_as_large_as_the_limit(
    small: httpx2.AsyncClient, size: int, status: int
) -> None:
    headers = {"Content-Type": "application/json"}
    response = await small.post(URL, content=b"{" * size, headers=headers)
    assert response.status_code == status


async def test_a_form_is_limited_like_any_other_body(small: httpx2.AsyncClient) -> None:
    response = await small.post(URL, data={"name": "x" * LIMIT})
    assert_too_large(response)
