"""The management commands of every application."""

import json
from typing import Any

import pytest
import uvicorn

from app.cli import cli
from tests.fixtures.commands import Run


def test_the_document_can_be_printed(run: Run) -> None:
    result = run("openapi")
    assert result.exit_code == 0
    assert "/health/live" in json.loads(result.output)["paths"]


def test_every_command_explains_itself(run: Run) -> None:
    for name, command in cli.commands.items():
        result = run(name, "--help")
        assert (name, result.exit_code) == (name, 0)
        assert command.help
        assert command.help.split(".")[0] in " ".join(result.output.split())


def test_57_nothing_starts_with_refused_settings(run: Run) -> None:
    result = run("serve", ENVIRONMENT="production", SECRET_KEY="change-me" * 5)
    assert result.exit_code != 0
    assert "The settings are not usable" in str(result.exception)


def test_the_server_is_started_as_the_settings_say(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: dict[str, Any] = {}
    monkeypatch.setattr(uvicorn, "run", lambda _, **options: started.update(options))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert run("serve", SERVER__PORT="8765", SERVER__WORKERS="2").exit_code == 0
    assert (started["port"], started["workers"]) == (8765, 2)
    assert (started["proxy_headers"], started["server_header"]) == (False, False)
