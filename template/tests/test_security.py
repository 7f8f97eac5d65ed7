"""What every response must withstand; numbers name the rows of docs/security.md."""

import httpx2
import pytest
import structlog
from fastapi import FastAPI

from app.core.settings import CorsSettings, HttpSettings
from tests.fixtures.app import Connect, ReadLog

PROBLEM = "application/problem+json"
ORIGIN = "https://app.example.com"
CANARY = "canary-5f3a"


async def fail() -> None:
    raise RuntimeError(f"SELECT {CANARY}")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/api/v1/", 404),
        ("GET", "/..%2f..%2fetc/passwd", 404),
        ("DELETE", "/health/live", 405),
        ("TRACE", "/health/live", 405),
    ],
)
async def test_47_unknown_paths_and_methods_are_problems(
    anonymous: httpx2.AsyncClient, method: str, path: str, status: int
) -> None:
    response = await anonymous.request(method, path)
    assert (response.status_code, response.headers["Content-Type"]) == (status, PROBLEM)
    assert response.headers.get("Allow") == ("GET, HEAD" if status == 405 else None)
    problem = response.json()
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["X-Request-ID"]


@pytest.mark.parametrize("path", ["/health/live", "/nowhere", "/fails"])
async def test_48_security_headers_are_on_every_response(
    connect_with: Connect, path: str
) -> None:
    async with connect_with(routes={"/fails": fail}) as client:
        headers = (await client.get(path)).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    policy = headers["Content-Security-Policy"]
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert "Server" not in headers
    assert "Strict-Transport-Security" not in headers


async def test_48_https_is_enforced_in_production(connect_with: Connect) -> None:
    async with connect_with(environment="production") as client:
        response = await client.get("/health/live")
        documentation = await client.get("/docs")
    policy = response.headers["Strict-Transport-Security"]
    assert int(policy.partition("max-age=")[2].partition(";")[0]) >= 31_536_000
    assert documentation.status_code == 404


async def test_49_a_known_origin_may_read_responses(connect_with: Connect) -> None:
    cors = CorsSettings(allow_origins=(ORIGIN,), allow_credentials=True)
    async with connect_with(cors=cors) as client:
        for path in ("/health/live", "/nowhere"):
            response = await client.get(path, headers={"Origin": ORIGIN})
            assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
            assert "X-Request-ID" in response.headers["Access-Control-Expose-Headers"]


async def test_49_other_origins_may_read_nothing(connect_with: Connect) -> None:
    cors = CorsSettings(allow_origins=(ORIGIN,), allow_credentials=True)
    preflight = {"Access-Control-Request-Method": "GET"}
    async with connect_with(cors=cors) as client:
        for origin in (
            "https://evil.test",
            "null",
            f"{ORIGIN}.evil.test",
            f"{ORIGIN}:8",
        ):
            for response in (
                await client.get("/health/live", headers={"Origin": origin}),
                await client.options("/", headers=preflight | {"Origin": origin}),
            ):
                assert not any(name.startswith("access") for name in response.headers)


async def test_49_no_origin_is_allowed_by_default(
    anonymous: httpx2.AsyncClient,
) -> None:
    response = await anonymous.get("/health/live", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in response.headers


async def test_50_a_request_id_is_on_responses_and_log_lines(
    connect_with: Connect, read_log: ReadLog
) -> None:
    async with connect_with() as client:
        response = await client.get(
            "/nowhere", headers={"X-Request-ID": "0123456789abcdef"}
        )
        assert response.headers["X-Request-ID"] == "0123456789abcdef"
        assert [line["request_id"] for line in read_log()] == ["0123456789abcdef"]
        for hostile in ("a b", "x" * 200, '{"a":1}', "<script>"):
            answer = await client.get("/nowhere", headers={"X-Request-ID": hostile})
            assert answer.headers["X-Request-ID"] != hostile
            assert len(answer.headers["X-Request-ID"]) == 32
    assert "<script>" not in str(read_log())


async def test_51_an_unexpected_error_tells_nothing_but_its_id(
    app: FastAPI, connect_with: Connect, read_log: ReadLog
) -> None:
    async with connect_with(routes={"/fails": fail}) as client:
        response = await client.get("/fails", headers={"Authorization": CANARY})
    assert (response.status_code, response.headers["Content-Type"]) == (500, PROBLEM)
    assert response.json()["error_code"] == "internal_error"
    for secret in (CANARY, "RuntimeError", "Traceback", str(app.state.engine.url)):
        assert secret not in response.text
    lines = read_log()
    assert "RuntimeError" in str(lines)
    assert {line["request_id"] for line in lines} == {response.json()["request_id"]}


async def test_51_the_log_has_no_credentials(
    connect_with: Connect, read_log: ReadLog
) -> None:
    async with connect_with() as client:
        await client.post(
            f"/nowhere?token={CANARY}&api_key={CANARY}",
            json={"password": CANARY},
            headers={"Authorization": f"Bearer {CANARY}", "Cookie": f"a={CANARY}"},
        )
    structlog.get_logger().info("by_its_name", password=CANARY)
    lines = read_log()
    assert len(lines) == 2
    assert CANARY not in str(lines)


async def test_hosts_that_are_not_allowed_are_refused(connect_with: Connect) -> None:
    http = HttpSettings(allowed_hosts=("api.example.com",))
    async with connect_with(http=http) as client:
        for host, status in (("api.example.com", 404), ("evil.test", 400)):
            response = await client.get("/nowhere", headers={"Host": host})
            assert (host, response.status_code) == (host, status)
