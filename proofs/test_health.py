"""Probes for whoever runs the application."""

import asyncio
from functools import partial

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.session import check_schema, create_sessions
from proofs.fixtures.app import client_key
from proofs.fixtures.custom import MakeApp
from proofs.fixtures.log import ReadLog


async def succeed() -> None:
    """Find nothing wrong."""


async def fail() -> None:
    raise ConnectionRefusedError("db://user:canary@host refused")


async def hang() -> None:
    await asyncio.Event().wait()


async def test_a_process_without_its_database_is_alive(make_app: MakeApp) -> None:
    response = await client_key(make_app()).get("/health/live")
    assert response.status_code == 200
    assert response.json() == {"status": "alive"}


async def test_a_process_with_all_that_it_needs_is_ready(
    app: FastAPI, client: httpx2.AsyncClient
) -> None:
    response = await client.get("/health/ready")
    assert response.status_code == 200
    assert "database" in app.state.readiness_checks
    checks = dict.fromkeys(app.state.readiness_checks, "ok")
    assert response.json() == {"status": "ready", "checks": checks}


@pytest.mark.parametrize("check", [fail, hang])
async def test_a_process_is_not_ready_if_a_check_fails_or_hangs(
    make_app: MakeApp,
    log: ReadLog,
    monkeypatch: pytest.MonkeyPatch,
    check: object,
) -> None:
    monkeypatch.setattr("app.core.http.health.CHECK_TIMEOUT", 0.01)
    app = make_app()
    app.state.readiness_checks = {"first": succeed, "second": check, "third": succeed}
    async with asyncio.timeout(5):
        response = await client_key(app).get("/health/ready")
    assert response.status_code == 503
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Retry-After"] == "1"
    assert response.json()["detail"] == "Not ready: second."
    (entry,) = log()
    assert (entry["event"], entry["check"]) == ("check_failed", "second")
    assert "canary" not in str(entry) + response.text


async def test_no_check_is_waited_for_beyond_its_time(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaned_up, server_answers = asyncio.Event(), asyncio.Event()

    async def close_slowly() -> None:
        try:
            await hang()
        finally:
            await server_answers.wait()
            cleaned_up.set()

    monkeypatch.setattr("app.core.http.health.CHECK_TIMEOUT", 0.01)
    app = make_app()
    app.state.readiness_checks = {"slow": close_slowly}
    async with asyncio.timeout(5):
        response = await client_key(app).get("/health/ready")
        assert response.json()["detail"] == "Not ready: slow."
        server_answers.set()
        await cleaned_up.wait()


async def test_checks_run_at_the_same_time(make_app: MakeApp) -> None:
    app, met = make_app(), asyncio.Barrier(2)

    async def meet() -> None:
        await met.wait()

    app.state.readiness_checks = {"one": meet, "other": meet}
    response = await client_key(app).get("/health/ready")
    assert response.json()["checks"] == {"one": "ok", "other": "ok"}


async def test_a_process_is_not_ready_for_a_schema_of_another_revision(
    make_app: MakeApp, engine: AsyncEngine, log: ReadLog
) -> None:
    app = make_app()
    check = partial(check_schema, create_sessions(engine), "another")
    app.state.readiness_checks = {"database": check}
    response = await client_key(app).get("/health/ready")
    assert response.status_code == 503
    assert response.json()["detail"] == "Not ready: database."
    assert "the code at another" in str(log()[-1])


async def test_those_who_ask_at_once_share_a_look(make_app: MakeApp) -> None:
    looks = 0

    async def look() -> None:
        nonlocal looks
        looks += 1

    app = make_app()
    app.state.readiness_checks = {"counted": look}
    client = client_key(app)
    answers = await asyncio.gather(*(client.get("/health/ready") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert looks == 1
