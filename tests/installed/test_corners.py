"""A fresh project passes its own tests on each Python, and with its lowest dependencies."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from uv import find_uv_bin

from tests.installed import pythons
from tests.installed.conftest import Outcomes
from tests.installed.corners import CORNERS, Corner, locked_version


@pytest.mark.parametrize("corner", CORNERS, ids=lambda one: one.id)
def test_its_verbs_succeed(corner: Corner, outcomes: Outcomes, installed_folder: Path) -> None:
    outcome = outcomes[corner.id].result()
    if outcome.code != 0:
        pytest.fail(f"{installed_folder / corner.id}\n{outcome.output}", pytrace=False)
    if corner.resolution != "highest":
        installed = Version(locked_version(installed_folder / corner.id, "fastapi"))
        assert installed == declared_floor(installed_folder / corner.id, "fastapi")


def test_workers_of_pytest_each_start_the_server_that_is_a_package(
    outcomes: Outcomes, installed_folder: Path
) -> None:
    corner = next(one for one in CORNERS if one.database == "postgresql")
    assert outcomes[corner.id].result().code == 0
    environment = {
        name: value
        for name, value in (os.environ | pythons.environment()).items()
        if name not in ("TEST_DATABASE_URL", "REQUIRE_SERVICES")
    }
    chosen = ["tests/test_health.py", "tests/test_migrations.py"]
    ran = subprocess.run(
        [find_uv_bin(), "run", "--with", "pytest-xdist", "pytest", "-n", "2", *chosen],
        cwd=installed_folder / corner.id,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 workers" in ran.stdout


def declared_floor(root: Path, package: str) -> Version:
    """Give the lowest version of a dependency that a project allows."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    declared = next(one for one in map(Requirement, project["dependencies"]) if one.name == package)
    return next(Version(part.version) for part in declared.specifier if part.operator == ">=")


def test_the_newest_python_does_all_of_check_and_the_oldest_has_the_lowest() -> None:
    found = {(one.python, one.resolution, one.verb) for one in CORNERS}
    assert found == {(pythons.found()[0], "highest", "check"), ("3.11", "lowest-direct", "test")}
