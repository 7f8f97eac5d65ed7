"""The probes of the process that runs the application."""

import asyncio

import httpx2
import pytest
from fastapi import FastAPI

from tests.fixtures.app import Connect, ReadLog


async def fail() -> None:
    raise ConnectionRefusedError("db://user:canary@host refused")


async def hang() -> None:
    await asyncio.Event().wait()


async def test_a_process_with_all_that_it_needs_is_ready(
    app: FastAPI, anonymous: httpx2.AsyncClient
) -> None:
    response = await anonymous.get("/health/ready")
    assert response.status_code == 200
    assert "database" in app.state.readiness_checks
    checks = dict.fromkeys(app.state.readiness_checks, "ok")
    assert response.json() == {"status": "ready", "checks": checks}


@pytest.mark.parametrize("check", [fail, hang])
async def test_a_process_whose_check_fails_or_hangs_is_alive_and_not_ready(
    app: FastAPI,
    connect_with: Connect,
    read_log: ReadLog,
    monkeypatch: pytest.MonkeyPatch,
    check: object,
) -> None:
    monkeypatch.setitem(app.state._state, "readiness_checks", {"database": check})
    monkeypatch.setattr("app.core.http.health.CHECK_TIMEOUT", 0.01)
    async with connect_with() as client:
        alive = await client.get("/health/live")
        response = await client.get("/health/ready")
    assert (alive.status_code, alive.json()) == (200, {"status": "alive"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert response.json()["detail"] == "Not ready: database."
    assert "canary" not in response.text + str(read_log())
