"""Behind the real Caddy, with its file, an application sees what it must, and may be late."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.conftest import Tool
from tests.delivery.test_caddy import DOMAIN, adapted, caddyfile
from tests.delivery.test_images import free_port
from tests.support.project import Project

__all__ = ["adapted", "caddyfile"]

CLIENT, CADDY = "127.0.0.2", "127.0.0.1"
PATIENCE = 20


@contextmanager
def running(
    command: list[str], environment: dict[str, str], folder: Path, log: Path
) -> Iterator[None]:
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdout=stream, stderr=stream
        )
    yield
    process.terminate()
    process.wait(PATIENCE)


@pytest.fixture(scope="module")
def ports() -> tuple[int, int]:
    """Where Caddy and the application listen."""
    return free_port(), free_port()


@pytest.fixture(scope="module")
def caddy(
    tool: Tool, adapted: dict[str, Any], ports: tuple[int, int], tmp_path_factory: Any
) -> Iterator[None]:
    """Caddy, as it is told to be, but on loopback and without certificates."""
    folder = tmp_path_factory.mktemp("caddy")
    told = json.loads(json.dumps(adapted).replace("app:8000", f"{CADDY}:{ports[1]}"))
    (server,) = told["apps"]["http"]["servers"].values()
    server |= {"listen": [f"{CADDY}:{ports[0]}"], "automatic_https": {"disable": True}}
    (folder / "caddy.json").write_text(json.dumps(told))
    command = [tool("caddy"), "run", "--config", str(folder / "caddy.json")]
    with running(command, {"HOME": str(folder)}, folder, folder / "log"):
        yield


@pytest.fixture(scope="module")
def answer(
    caddy: None,  # noqa: ARG001
    composed: list[Project],
    ports: tuple[int, int],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[HTTPResponse, str]:
    """What a client got that asked before the application was there, and the application's log."""
    log = tmp_path_factory.mktemp("app") / "log"
    environment = {
        "ENVIRONMENT": "production",
        "SECRET_KEY": "only-for-tests-0123456789-0123456789",
        "SERVER__PORT": str(ports[1]),
        "HTTP__ALLOWED_HOSTS": DOMAIN,
        "HTTP__TRUSTED_PROXIES": CADDY,
    }
    chosen = {"database": "sqlite", "auth": "none", "rate_limit": "none"}
    root = next(p.root for p in composed if chosen.items() <= p.combination.answers.items())
    client = connected(ports[0])
    client.request("GET", "/nowhere", headers={"Host": DOMAIN, "X-Forwarded-For": "203.0.113.9"})
    with running([sys.executable, "-m", "app", "serve"], environment, root, log):
        response = client.getresponse()
        response.read()
    client.close()
    # The line of a request is written after its answer: by the end it is there.
    return response, log.read_text()


def connected(port: int) -> HTTPConnection:
    """Connect to Caddy, as soon as it listens."""
    deadline = time.monotonic() + PATIENCE
    while True:
        client = HTTPConnection(CADDY, port, timeout=PATIENCE, source_address=(CLIENT, 0))
        try:
            client.connect()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "Caddy does not listen."
            time.sleep(0.05)
        else:
            return client


def test_a_request_waits_for_the_application(answer: tuple[HTTPResponse, str]) -> None:
    response, _ = answer
    assert response.status == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def test_the_address_of_the_client_is_the_one_that_caddy_saw(
    answer: tuple[HTTPResponse, str],
) -> None:
    _, log = answer
    lines = [json.loads(line) for line in log.splitlines()]
    assert [line["client"] for line in lines if line["event"] == "request"] == [CLIENT]


def test_no_answer_names_the_server(answer: tuple[HTTPResponse, str]) -> None:
    response, _ = answer
    assert "Server" not in response.headers
