"""Public schemas become lists of resources, whose projects pass their own tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from importer.__main__ import main
from importer.language import refusals
from tests.importing.conftest import HERE, Fill
from tests.suites import servers
from tests.suites.lanes import PASSED_ON
from tests.support.render import render

TESTS = ("tests/api", "tests/test_contract.py", "tests/test_migrations.py", "tests/test_seed.py")
"""What depends on the resources; the rest is the same in all projects."""

SCHEMAS = [
    ("chinook", "sqlite", "jwt"),
    ("northwind", "postgresql", "none"),
    ("sakila", "mysql", "session"),
]


@pytest.mark.parametrize(("name", "database", "auth"), SCHEMAS)
def test_a_schema_becomes_a_project_that_passes_its_tests(
    name: str,
    database: str,
    auth: str,
    fill: Fill,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = fill(database, (HERE / f"{name}.sql").read_text())
    file = tmp_path / "resources.yml"
    assert main([url, "--to", str(file)]) == 0
    assert capsys.readouterr().err == (HERE / f"{name}.txt").read_text()
    assert file.read_text() == (HERE / f"{name}.yml").read_text()
    resources = yaml.safe_load(file.read_text())["resources"]
    assert refusals(resources) == []
    answers = {"database": database, "auth": auth, "resources": resources}
    root = render({"project_name": "Shop API", **answers}, tmp_path / "project")
    environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
    server = servers.find(database)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:copie",
    ]
    ran = subprocess.run(
        [*command, *TESTS],
        cwd=root,
        env=environment | ({"TEST_DATABASE_URL": server.url} if server else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:]
