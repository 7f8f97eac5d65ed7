"""Every project starts, migrates its database, and answers a few requests.

It is laid over a project by itself, without the fixtures and samples of other proofs.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.config import Settings
from app.main import create_app
from proofs.conditions import ACCOUNTS, REDIS, ROOT, answers
from proofs.fixtures.database import alembic

pytest_plugins = [f"proofs.fixtures.{answers(ROOT)['database']}"]

SECRET = "canary-0123456789-0123456789-0123456789"
NOBODY = {"username": "nobody@example.com", "password": "Nine-Lamps-On-A-Shelf"}
LOGIN = "/api/v1/auth/login"


@pytest.fixture(scope="module")
def settings(make_database: Callable[[], str]) -> Iterator[Settings]:
    """Return settings with an empty database, and Redis where the project has it."""
    values: dict[str, Any] = {"database_url": make_database(), "secret_key": SECRET}
    if not REDIS(ROOT):
        yield Settings(environment="test", **values)
        return
    from proofs.fixtures.redis import PREFIX, pretend, remove_keys

    url = os.environ.get("TEST_REDIS_URL") or pretend()
    yield Settings(
        environment="test", redis_url=url, redis={"prefix": PREFIX}, **values
    )
    remove_keys(url)


@pytest.fixture(scope="module")
def app(settings: Settings) -> FastAPI:
    """Return the project's application, on a migrated database."""
    alembic(settings, "upgrade", "head")
    return create_app(settings)


def call(app: FastAPI, *requests: tuple[str, str, Any]) -> list[httpx2.Response]:
    """Start the application, make requests, and end it."""

    async def run() -> list[httpx2.Response]:
        async with (
            app.router.lifespan_context(app),
            httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app), base_url="http://test"
            ) as client,
        ):
            return [
                await client.request(method, path, data=form)
                for method, path, form in requests
            ]

    return asyncio.run(run())


def test_the_models_and_the_migrations_agree(app: FastAPI, settings: Settings) -> None:
    assert app
    alembic(settings, "check")


def test_it_answers(app: FastAPI) -> None:
    document = app.openapi()
    lists = {
        path: operations["get"]
        for path, operations in document["paths"].items()
        if path.startswith("/api/") and "{" not in path and "get" in operations
    }
    probes, others = ["/health/live", "/health/ready"], ["/openapi.json", "/nowhere"]
    paths = [*probes, *others, *lists]
    *responses, login = call(
        app, *[("GET", path, None) for path in paths], ("POST", LOGIN, NOBODY)
    )
    found = {path: one.status_code for path, one in zip(paths, responses, strict=True)}
    assert [found[path] for path in probes + others] == [200, 200, 200, 404]
    assert responses[2].json() == document
    assert responses[3].headers["content-type"] == "application/problem+json"
    expected = {
        path: 401 if one.get("security") else 200 for path, one in lists.items()
    }
    assert {path: found[path] for path in lists} == expected
    assert login.status_code == (401 if ACCOUNTS(ROOT) else 404)
    listed = [
        one["name"]
        for one in answers(ROOT)["resources"]
        if "list" in one.get("operations", "list")
    ]
    assert len(lists) >= len(listed)
