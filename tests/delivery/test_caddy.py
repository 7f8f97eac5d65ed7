"""Caddy understands its file, and does with requests what the project counts on."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.delivery import compose
from tests.delivery.conftest import Tool, distinct
from tests.delivery.test_names import GIVEN, PRODUCTION
from tests.support.project import Project

DOMAIN = "api.example.com"


@pytest.fixture(scope="module")
def caddyfile(composed: list[Project], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file; it is the same in all projects."""
    (text,) = distinct(composed, "Caddyfile").values()
    path = tmp_path_factory.mktemp("caddy") / "Caddyfile"
    path.write_text(text)
    return path


def call(caddy: str, verb: str, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [caddy, verb, "--config", str(path), "--adapter", "caddyfile"],
        env={**os.environ, "DOMAIN": DOMAIN, "HOME": str(path.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def adapted(tool: Tool, caddyfile: Path) -> dict[str, Any]:
    """What Caddy makes of it."""
    ran = call(tool("caddy"), "adapt", caddyfile)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_caddy_takes_it(tool: Tool, caddyfile: Path) -> None:
    ran = call(tool("caddy"), "validate", caddyfile)
    assert ran.returncode == 0, ran.stderr
    assert "Valid configuration" in ran.stdout


def test_it_serves_https_under_the_domain(adapted: dict[str, Any]) -> None:
    (server,) = adapted["apps"]["http"]["servers"].values()
    assert server["listen"] == [":443"]
    assert [route["match"] for route in server["routes"]] == [[{"host": [DOMAIN]}]]
    assert "automatic_https" not in server


def test_probes_are_not_for_the_network(adapted: dict[str, Any]) -> None:
    (server,) = adapted["apps"]["http"]["servers"].values()
    routes = server["routes"][0]["handle"][0]["routes"]
    (answer,) = [one for one in routes if one.get("match") == [{"path": ["/health/*"]}]]
    assert answer["handle"] == [{"handler": "static_response", "status_code": 404}]


def test_requests_go_to_the_application(adapted: dict[str, Any], composed: list[Project]) -> None:
    (server,) = adapted["apps"]["http"]["servers"].values()
    routes = server["routes"][0]["handle"][0]["routes"]
    handlers = [one for route in routes for one in route["handle"]]
    proxy = next(one for one in handlers if one["handler"] == "reverse_proxy")
    (upstream,) = proxy["upstreams"]
    name, port = upstream["dial"].split(":")
    assert port in ("8000",)
    assert "headers" not in proxy, "Caddy's own forwarding headers are those that are trusted."
    for project in composed:
        assert name in compose.read(project.texts[PRODUCTION], GIVEN)["services"]
        assert f"EXPOSE {port}\n" in project.texts["Dockerfile"]
