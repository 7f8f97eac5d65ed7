"""A rendered project that is served as in production, with time-outs that a test can wait for."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

REQUEST_TIMEOUT = 3
SETTINGS = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "only-for-tests-" + "0" * 32,
    "HTTP__REQUEST_TIMEOUT": str(REQUEST_TIMEOUT),
    "HTTP__BODY_TIMEOUT": "2",
    "DATABASE__POOL_SIZE": "2",
    "DATABASE__MAX_OVERFLOW": "0",
    "PYTHONPATH": ".",
}
FILE_LIMITS = {"DATABASE__BUSY_TIMEOUT": "1"}
SERVER_LIMITS = {
    "DATABASE__CONNECT_TIMEOUT": "1",
    "DATABASE__STATEMENT_TIMEOUT": "1",
    "DATABASE__LOCK_TIMEOUT": "1",
}
PATIENCE = 20
KEPT = 1.1
"""Seconds in which those who ask for readiness get the same answer, and a little more."""
ITEMS = "/api/v1/items"
LOGIN = "/api/v1/auth/login"


@dataclass(frozen=True)
class Answer:
    """What a client got, and after how long."""

    response: httpx2.Response
    seconds: float

    def is_unavailable(self) -> bool:
        """Tell whether it is the 503 that is promised, within the time limit of a request."""
        kind = self.response.headers["content-type"]
        return (
            self.response.status_code == 503
            and kind == "application/problem+json"
            and self.response.headers["retry-after"] == "1"
            and self.seconds < REQUEST_TIMEOUT + 0.5
        )


@dataclass(frozen=True)
class Api:
    """The running application."""

    client: httpx2.Client
    log: Path

    def get(self, path: str = ITEMS) -> Answer:
        """Read something."""
        return self._timed(lambda: self.client.get(path))

    def create(self, name: str) -> Answer:
        """Create an item."""
        return self._timed(lambda: self.client.post(ITEMS, json={"name": name}))

    def log_in(self, name: str, password: str) -> Answer:
        """Log in."""
        form = {"grant_type": "password", "username": name, "password": password}
        return self._timed(lambda: self.client.post(LOGIN, data=form))

    def readiness(self) -> Answer:
        """Ask for readiness, when the answer before is forgotten."""
        time.sleep(KEPT)
        return self.get("/health/ready")

    def works(self) -> bool:
        """Tell whether reading, writing and readiness work at the first try."""
        name = f"Works {time.monotonic_ns()}"
        answers = (self.get(), self.create(name), self.readiness())
        return [answer.response.status_code for answer in answers] == [200, 201, 200]

    def names(self) -> list[str]:
        """The names of the newest items."""
        return [item["name"] for item in self.get().response.json()["items"]]

    def _timed(self, ask: Callable[[], httpx2.Response]) -> Answer:
        started = time.monotonic()
        response = ask()
        return Answer(response, time.monotonic() - started)


def at_once(*asks: Callable[[], Answer]) -> list[Answer]:
    """Ask all at the same time."""
    with ThreadPoolExecutor(len(asks)) as pool:
        return [future.result() for future in [pool.submit(ask) for ask in asks]]


def migrate(root: Path, url: str, **settings: str) -> None:
    """Bring a database to the newest revision."""
    run = [sys.executable, "-m", "alembic", "upgrade", "head"]
    environment = _environment(url, **settings)
    subprocess.run(run, cwd=root, env=environment, check=True, stdout=subprocess.DEVNULL)


def create_user(root: Path, url: str, name: str, password: str, **settings: str) -> None:
    """Create somebody who can log in."""
    run = [sys.executable, "-m", "app", "create-admin"]
    words = ["--email", f"{name}@example.com", "--username", name]
    environment = _environment(url, NEW_PASSWORD=password, **settings)
    subprocess.run([*run, *words], cwd=root, env=environment, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def serve(root: Path, url: str, **settings: str) -> Iterator[Api]:
    """Serve a project; its log goes to a file beside it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    log = root.with_name(f"{root.name}.log")
    environment = _environment(url, SERVER__PORT=str(port), **settings)
    command = [sys.executable, "-m", "app", "serve"]
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=stream, stderr=stream)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            _wait(client, log)
            yield Api(client, log)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(client: httpx2.Client, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            client.get("/health/live")
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(log.read_text())


def _environment(url: str, **settings: str) -> dict[str, str]:
    known = {key: os.environ[key] for key in ("HOME", "LANG", "PATH") if key in os.environ}
    limits = FILE_LIMITS if url.startswith("sqlite") else SERVER_LIMITS
    return {**known, **SETTINGS, **limits, "DATABASE_URL": url, **settings}
