"""What the page says of a pooler works behind a real one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from tests.faults.conftest import found
from tests.faults.pooling import pooler
from tests.growing.page import blocks
from tests.growing.test_growing import command
from tests.matrix import headline
from tests.questions.clone import commit_all
from tests.suites import servers
from tests.support.render import render
from tests.support.verbs import RUNS, stand_in

EXPORT = "export "


def test_a_project_is_migrated_and_used_through_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers = headline(database="postgresql", auth="none").answers
    project = render(answers, tmp_path / "orders-api")
    commit_all(project)
    page = blocks((project / "docs" / "growing.md").read_text())
    [block] = [one for one in page if one.text.startswith(EXPORT)]
    settings, commands = block.text.removeprefix(EXPORT).split("\n", 1)
    for setting in settings.split():
        monkeypatch.setenv(*setting.split("=", 1))
    server, name = found("postgresql"), f"growing_{uuid4().hex}"
    server.ask(f"CREATE DATABASE {name}")
    try:
        with pooler(make_url(server.url).set(database=name), tmp_path) as url:
            monkeypatch.setenv("DATABASE_URL", url)
            command(replace(block, text=commands), project, stand_in(tmp_path, RUNS))
    finally:
        servers.drop(server, name)
