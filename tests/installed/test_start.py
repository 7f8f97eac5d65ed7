"""A fresh project starts with the README's second command, and answers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from uv import find_uv_bin

from tests.installed import pythons
from tests.matrix import headline
from tests.support.render import render

PATIENCE = 90


@pytest.fixture(scope="module", params=["jwt", "session"])
def root(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the defaults, and one whose callers prove otherwise who they are."""
    answers = headline(database="sqlite", auth=request.param).answers
    return render(answers, tmp_path_factory.mktemp("started") / "orders-api")


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    """Start it as its owner does; give its address."""
    port = free_port()
    with serving(root, port, "just", "dev"):
        yield f"http://127.0.0.1:{port}"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def serving(root: Path, port: int, *words: str) -> Iterator[None]:
    """Run what serves the project, until the end of the block."""
    with (root / f"log-{port}").open("wb") as log:
        process = subprocess.Popen(
            [find_uv_bin(), "run", *words],
            cwd=root,
            env=pythons.environment() | {"SERVER__PORT": str(port)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait(f"http://127.0.0.1:{port}/health/ready", Path(log.name))
        yield
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)


def wait(url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(URLError, OSError), urlopen(url, timeout=5):  # noqa: S310
            return
        time.sleep(0.2)
    pytest.fail(f"Nothing answered in {PATIENCE} s.\n{log.read_text()}", pytrace=False)


def call(url: str, data: bytes | None = None, **headers: str) -> tuple[int, Any]:
    request = Request(url, data, headers)  # noqa: S310
    with urlopen(request, timeout=10) as answer:  # noqa: S310
        return answer.status, json.load(answer)


def send(url: str, body: dict[str, Any], **headers: str) -> tuple[int, Any]:
    return call(url, json.dumps(body).encode(), **{"Content-Type": "application/json"}, **headers)


@pytest.fixture(scope="module")
def proof(address: str) -> dict[str, str]:
    """Register and log in; give the headers that prove it."""
    account = {"username": "grace", "password": "night-train-to-oslo"}
    send(f"{address}/api/v1/auth/register", account | {"email": "grace@example.com"})
    login = Request(f"{address}/api/v1/auth/login", urlencode(account).encode())  # noqa: S310
    with urlopen(login, timeout=10) as answer:  # noqa: S310
        cookies, body = SimpleCookie(answer.headers["Set-Cookie"]), json.load(answer)
    if "access_token" in body:
        return {"Authorization": f"Bearer {body['access_token']}"}
    cookie = f"session={cookies['session'].value}"
    return {"Cookie": cookie, "X-CSRF-Token": body["csrf_token"]}


def test_it_creates_and_lists(address: str, proof: dict[str, str]) -> None:
    items = f"{address}/api/v1/items"
    status, created = send(items, {"name": "Lamp", "price": "24.90"}, **proof)
    assert status == 201
    status, page = call(f"{items}?name__contains=lam", None, **proof)
    assert [one["id"] for one in page["items"]] == [created["id"]]


@pytest.mark.skipif(shutil.which("curl") is None, reason="There is no curl.")
def test_its_readme_shows_calls_that_work(address: str, root: Path) -> None:
    _, section = (root / "README.md").read_text().split("\n## Call it\n")
    block = section.split("```")[1].removeprefix("console\n")
    script = block.replace("localhost:8000", address.removeprefix("http://"))
    ran = subprocess.run(
        ["bash", "-euc", script], cwd=root, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    page = json.loads(ran.stdout[ran.stdout.rindex('{"items"') :])
    changed = {"name": "Lamp", "description": "Other description"}
    assert [changed.items() <= one.items() for one in page["items"]] == [True]


def test_its_documentation_needs_no_network(address: str) -> None:
    with urlopen(f"{address}/docs", timeout=10) as answer:  # noqa: S310
        page = answer.read().decode()
    assert 'src="http' not in page
    assert 'href="http' not in page


def test_the_command_of_fastapi_finds_it_by_its_file(address: str, root: Path) -> None:
    port = free_port()
    command = ["--with", "fastapi-cli", "fastapi", "dev", "app/main.py", "--port", str(port)]
    with serving(root, port, *command):
        assert call(f"http://127.0.0.1:{port}/health/live")[1] == call(f"{address}/health/live")[1]


def test_the_fuzzer_finds_nothing_wrong_with_what_only_users_may_do(
    address: str, root: Path, proof: dict[str, str]
) -> None:
    headers = [word for name, value in proof.items() for word in ("-H", f"{name}: {value}")]
    chosen = ["--phases", "coverage", "--include-path-regex", "/items|/me$"]
    ran = subprocess.run(
        [find_uv_bin(), "run", "just", "fuzz", address, *chosen, *headers],
        cwd=root,
        env=pythons.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
