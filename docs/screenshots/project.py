"""Starts the project that all defaults give."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.render import render

SECONDS = 60
ANSWERS = {"project_name": "Orders API", "description": "Takes orders and tells where they are."}


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Render the project, migrate its database and serve it; give its address."""
    root, port = render(ANSWERS, folder / "orders-api"), free_port()
    environment = {**os.environ, "SERVER__PORT": str(port), "LOG_LEVEL": "WARNING"}
    migrate = [sys.executable, "-m", "alembic", "upgrade", "head"]
    subprocess.run(migrate, cwd=root, env=environment, check=True, capture_output=True)
    server = subprocess.Popen([sys.executable, "-m", "app", "serve"], cwd=root, env=environment)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(SECONDS)


def free_port() -> int:
    """Give a port at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Return as soon as somebody listens at a port."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            time.sleep(0.2)
        else:
            return
    sys.exit("The project did not start.")
