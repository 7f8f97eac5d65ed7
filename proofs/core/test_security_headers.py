"""The security headers of every answer."""

import httpx2
import pytest
from fastapi import APIRouter, Response

from app.core.settings import HttpSettings
from proofs.fixtures.custom import MakeClient

HEADERS = {
    "Cache-Control": ["no-store"],
    "Content-Security-Policy": [
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    ],
    "Referrer-Policy": ["no-referrer"],
    "X-Content-Type-Options": ["nosniff"],
}
ANSWERS = [
    ("GET", "/health/live", 200),
    ("GET", "/nowhere", 404),
    ("POST", "/health/live", 405),
    ("POST", "/nowhere", 413),
    ("GET", "/number?of=x", 422),
    ("GET", "/fails", 500),
]

router = APIRouter()


@router.get("/number")
async def take_number(of: int) -> int:
    return of


@router.get("/fails")
async def fail() -> None:
    raise RuntimeError


@router.get("/cached")
async def answer_cached(response: Response) -> None:
    response.headers["Cache-Control"] = "max-age=60"


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
async def test_every_answer_has_the_security_headers(
    make_client: MakeClient, method: str, path: str, status: int
) -> None:
    client = make_client(router, http=HttpSettings(max_body_bytes=10))
    response = await client.request(
        method, path, content=b"x" * (11 if status == 413 else 0)
    )
    assert response.status_code == status
    assert {name: response.headers.get_list(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(("method", "path", "_status"), ANSWERS)
async def test_browsers_insist_on_https_in_production_only(
    make_client: MakeClient, method: str, path: str, _status: int
) -> None:
    in_test = await make_client(router).request(method, path)
    in_production = await make_client(router, environment="production").request(
        method, path
    )
    assert "Strict-Transport-Security" not in in_test.headers
    expected = "max-age=31536000; includeSubDomains"
    assert in_production.headers["Strict-Transport-Security"] == expected


async def test_an_answer_keeps_a_header_that_it_sets_itself(
    make_client: MakeClient,
) -> None:
    response = await make_client(router).get("/cached")
    assert response.headers.get_list("Cache-Control") == ["max-age=60"]


async def test_no_answer_names_the_software(client: httpx2.AsyncClient) -> None:
    response = await client.get("/health/live")
    assert not {"server", "x-powered-by"} & {name.lower() for name in response.headers}
