"""A fresh project starts with the README's second command, and answers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from uv import find_uv_bin

from tests.installed import pythons
from tests.matrix import HEADLINES
from tests.support.render import render

PATIENCE = 90


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a project as its owner does; give its address."""
    root = render(HEADLINES[0].answers, tmp_path_factory.mktemp("started") / "orders-api")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = start(root, {"SERVER__PORT": str(port)})
    try:
        wait(f"http://127.0.0.1:{port}/health/ready", root / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)


def start(root: Path, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    environment = pythons.environment() | settings
    with (root / "log").open("wb") as log:
        return subprocess.Popen(
            [find_uv_bin(), "run", "just", "dev"],
            cwd=root,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait(url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(URLError, OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310
            return
        time.sleep(0.2)
    pytest.fail(f"Nothing answered in {PATIENCE} s.\n{log.read_text()}", pytrace=False)


def call(url: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return answer.status, json.load(answer)


def test_it_creates_and_lists(address: str) -> None:
    status, created = call(f"{address}/api/v1/items", {"name": "Lamp", "price": "24.90"})
    assert status == 201
    status, page = call(f"{address}/api/v1/items?name__contains=lam")
    assert [one["id"] for one in page["items"]] == [created["id"]]


def test_its_documentation_needs_no_network(address: str) -> None:
    with urllib.request.urlopen(f"{address}/docs", timeout=10) as answer:  # noqa: S310
        page = answer.read().decode()
    assert 'src="http' not in page
    assert 'href="http' not in page
