"""The command by which whoever runs the application asks whether it works."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from click.testing import CliRunner

from app.cli import health
from app.core.settings import ServerSettings


class NotReady(BaseHTTPRequestHandler):
    """Answers as the application does without its database, at the right place."""

    def do_GET(self) -> None:
        """Answer a request."""
        self.send_response(503 if self.path == "/health/ready" else 200)
        self.end_headers()
        self.wfile.write(b"Not ready: database.")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def not_ready() -> Iterator[int]:
    """Give the port of an application that is not ready."""
    with HTTPServer(("127.0.0.1", 0), NotReady) as server:
        answering = Thread(target=server.handle_request)
        answering.start()
        yield server.server_port
        answering.join()


def test_an_application_that_is_not_ready_is_not_healthy(not_ready: int) -> None:
    result = CliRunner().invoke(health, env={"SERVER__PORT": str(not_ready)})
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: unhealthy: Not ready: database.\n"


def test_an_application_that_does_not_run_is_not_healthy() -> None:
    result = CliRunner().invoke(health, ["--port", "1"])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: unhealthy: it does not answer: ")


def test_it_is_asked_where_it_listens_by_itself() -> None:
    defaults = {one.name: one.default for one in health.params}
    assert defaults == {
        name: getattr(ServerSettings(), name) for name in ("host", "port")
    }
