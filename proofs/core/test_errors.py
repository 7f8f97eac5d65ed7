"""Every error is a problem document."""

import re
import socket
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from fastapi import APIRouter, HTTPException, Request

from app.core.errors import AppError, ConflictError
from app.core.http.errors import handle_http_error
from proofs.fixtures.custom import MakeClient
from proofs.fixtures.log import ReadLog

ERRORS: dict[str, Exception] = {
    "conflict": ConflictError(
        "Taken.", fields={"name": ["This is taken."]}, headers={"X-Hint": "other"}
    ),
    "busy": HTTPException(429, "This is too fast.", headers={"X-Hint": "slower"}),
    "refused": ConnectionRefusedError("canary"),
    "reset": ConnectionResetError("canary"),
    "timeout": TimeoutError("canary"),
    "name": socket.gaierror("canary"),
    "unexpected": KeyError("canary"),
    "file": FileNotFoundError("canary"),
    "abstract": AppError("Broken."),
}

router = APIRouter()


@router.get("/number/{number}")
async def take_number(number: int) -> int:
    return number


@router.get("/raise/{name}")
async def raise_error(name: str) -> None:
    raise ERRORS[name]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("DELETE", "/samples", 405, "method_not_allowed"),
        ("GET", "/number/x", 422, "validation_error"),
        ("GET", "/raise/conflict", 409, "conflict"),
        ("GET", "/raise/busy", 429, "too_many_requests"),
        ("GET", "/raise/timeout", 503, "service_unavailable"),
        ("GET", "/raise/unexpected", 500, "internal_error"),
        ("GET", "/raise/file", 500, "internal_error"),
        ("GET", "/raise/abstract", 500, "internal_error"),
    ],
)
async def test_every_error_is_a_problem(
    make_client: MakeClient, method: str, path: str, status: int, code: str
) -> None:
    response = await make_client(router).request(method, path)
    problem = response.json()
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.status_code == problem["status"] == status
    assert (problem["type"], problem["instance"]) == ("about:blank", path)
    assert problem["error_code"] == code
    assert problem["detail"] != problem["title"] != ""
    assert problem["request_id"] == response.headers["X-Request-ID"]
    assert datetime.now(UTC) - datetime.fromisoformat(problem["timestamp"]) < timedelta(
        minutes=1
    )
    assert ("field_errors" in problem) == (status in (409, 422))


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("GET", "/nowhere", "nothing at this address"),
        ("GET", "/samples/", "nothing at this address"),
        ("PUT", "/health/live", "does not offer the method"),
    ],
)
async def test_what_the_framework_refuses_is_explained_in_our_words(
    client: httpx2.AsyncClient, method: str, path: str, words: str
) -> None:
    assert words in (await client.request(method, path)).json()["detail"]


@pytest.mark.parametrize(("name", "hint"), [("conflict", "other"), ("busy", "slower")])
async def test_an_error_can_have_headers(
    make_client: MakeClient, name: str, hint: str
) -> None:
    response = await make_client(router).get(f"/raise/{name}")
    assert response.headers["X-Hint"] == hint


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("refused", "connection_lost"),
        ("reset", "connection_lost"),
        ("name", "connection_lost"),
        ("timeout", "timed_out"),
    ],
)
async def test_a_lost_connection_can_be_tried_again(
    make_client: MakeClient, log: ReadLog, name: str, event: str
) -> None:
    response = await make_client(router).get(f"/raise/{name}")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert "canary" not in response.text
    warning, _ = log()
    assert (warning["event"], warning["level"]) == (event, "warning")
    assert warning["kind"] == type(ERRORS[name]).__name__
    assert warning["where"].startswith(f"{__name__}:")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/samples", {"GET", "HEAD", "POST"}),
        (f"/samples/{'0' * 32}", {"GET", "HEAD", "PUT", "PATCH", "DELETE"}),
        ("/samples/not-an-id", {"GET", "HEAD", "PUT", "PATCH", "DELETE"}),
        ("/health/live", {"GET", "HEAD"}),
        ("/docs", {"GET", "HEAD"}),
        ("/openapi.json", {"GET", "HEAD"}),
        ("/docs/assets/swagger-ui.css", {"GET", "HEAD"}),
    ],
)
@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PROPFIND"])
async def test_a_method_that_is_not_offered_is_refused_with_those_that_are(
    client: httpx2.AsyncClient, method: str, path: str, allowed: set[str]
) -> None:
    response = await client.request(method, path)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == allowed
    assert response.json()["error_code"] == "method_not_allowed"


async def test_the_status_of_an_answer_is_a_number_in_readable_logs_too() -> None:
    request = Request({"type": "http", "path": "/", "headers": [], "state": {}})
    response = await handle_http_error(request, HTTPException(404))
    assert f"{response.status_code!r}" == "404"


async def test_an_unknown_path_is_not_found_whatever_the_method(
    client: httpx2.AsyncClient,
) -> None:
    for method in ("GET", "POST", "TRACE", "OPTIONS"):
        response = await client.request(method, "/nowhere/%ff/<script>")
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/problem+json"


async def test_an_unexpected_error_says_nothing_about_itself(
    make_client: MakeClient,
) -> None:
    response = await make_client(router).get("/raise/unexpected")
    assert response.json()["detail"] == "Something went wrong on our side."
    assert not re.search(r"canary|KeyError|Traceback|\.py|app/", response.text)
