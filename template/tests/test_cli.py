"""The management commands."""

import json
import re
import socket
from collections.abc import Iterator
from subprocess import Popen
from time import sleep

import pytest
from click.testing import CliRunner

from app.cli import cli
from app.config import Settings
from app.core.commands import explain
from tests.fixtures.database import alembic
from tests.fixtures.process import start


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> CliRunner:
    """Give a runner of commands, which take their settings from the environment."""
    monkeypatch.setenv("ENVIRONMENT", "test")
    monkeypatch.setenv("SECRET_KEY", settings.secret_key.get_secret_value())
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    return CliRunner()


@pytest.fixture
def server(settings: Settings) -> Iterator[tuple[Popen[str], int]]:
    """Start the API as its owner would, but for the samples, on a free port."""
    with start(settings, "tests.sample", "serve", SERVER__PORT="0") as process:
        assert process.stdout
        started = next(line for line in process.stdout if "Uvicorn running" in line)
        yield process, int(re.findall(r":(\d+)", json.loads(started)["event"])[0])
        process.kill()


@pytest.mark.usefixtures("restored_logging")
def test_the_documentation_can_be_printed(runner: CliRunner) -> None:
    result = runner.invoke(cli, ["openapi"])
    assert result.exit_code == 0
    assert "/health/live" in json.loads(result.output)["paths"]


def test_every_command_explains_itself(runner: CliRunner) -> None:
    for name, command in cli.commands.items():
        result = runner.invoke(cli, [name, "--help"])
        assert result.exit_code == 0
        assert command.help
        assert command.help in " ".join(result.output.split())


@pytest.mark.usefixtures("restored_logging")
def test_pruning_says_that_it_is_done(
    runner: CliRunner, empty_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database.database_url.get_secret_value())
    alembic(empty_database, "upgrade", "head")
    result = runner.invoke(cli, ["prune"])
    assert (result.exit_code, result.stdout) == (0, "Deleted what has expired.\n")


@pytest.mark.usefixtures("restored_logging")
def test_a_database_without_tables_is_named_as_the_reason(
    runner: CliRunner, empty_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database.database_url.get_secret_value())
    result = runner.invoke(cli, ["prune"])
    assert result.exit_code == 1
    assert result.stderr.startswith(
        "Error: The database cannot do this; is it migrated?"
    )


def test_a_server_that_takes_no_connections_is_named() -> None:
    assert "(connect to port 1)" in explain(ConnectionRefusedError("connect to port 1"))


def test_an_unheard_of_command_is_named(runner: CliRunner) -> None:
    result = runner.invoke(cli, ["unheard-of"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "unheard-of" in result.stderr


@pytest.mark.usefixtures("migrated", "restored_logging")
def test_what_has_expired_can_be_deleted_at_any_time(runner: CliRunner) -> None:
    assert runner.invoke(cli, ["prune"]).output == "Deleted what has expired.\n"


@pytest.mark.usefixtures("migrated")
def test_an_application_that_works_is_healthy(
    runner: CliRunner, server: tuple[Popen[str], int]
) -> None:
    _, port = server
    result = runner.invoke(cli, ["health", "--port", str(port)])
    assert (result.exit_code, result.output) == (0, "healthy\n")


def receive(connection: socket.socket, end: bytes) -> bytes:
    received = b""
    while not received.endswith(end):
        part = connection.recv(65536)
        assert part, received
        received += part
    return received


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def wait_until_closed(port: int) -> None:
    for _ in range(500):
        try:
            connect(port).close()
        except ConnectionRefusedError:
            return
        sleep(0.01)
    raise AssertionError("The server still takes connections.")


def test_a_request_in_flight_is_finished_before_the_server_ends(
    server: tuple[Popen[str], int],
) -> None:
    process, port = server
    with connect(port) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n")
        assert receive(connection, b'{"status":"alive"}').startswith(b"HTTP/1.1 200 ")
        connection.sendall(
            b"POST /samples HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
            b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        )
        assert receive(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")
        process.terminate()
        wait_until_closed(port)
        connection.sendall(b"{]")
        answer = receive(connection, b"}").lower()
    assert answer.startswith(b"http/1.1 400 ")
    assert b"server:" not in answer
    assert process.wait(timeout=5) == 0
