"""Whatever resources are called and made of, their files come out formatted, clean and green."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.combinations.conftest import ruff
from tests.conftest import Render
from tests.matrix import HEADLINE, HOSTS, Combination
from tests.support.any_resources import NAMES, any_resources
from tests.support.project import Project
from tests.support.render import render

LISTS = 30
TESTED = (1, 2)
ENOUGH = 4000
"""Characters of what a tool says."""

SHIPPED = ("tests/api", "tests/test_guide.py", "tests/test_seed.py")
"""Tests that what resources are made of is written into."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the projects are, one for each list."""
    return tmp_path_factory.mktemp("any")


@pytest.fixture(scope="module")
def of_resources(folder: Path, project_of: Render) -> list[str]:
    """The Python files that no project with the default resources has, or has otherwise."""
    paths = []
    for seed in range(LISTS):
        headline = HOSTS[seed % len(HOSTS)]
        answers = {name: headline[name] for name in HEADLINE}
        combination = Combination(f"{seed}", answers | {"resources": any_resources(seed)}, "any")
        project = Project(combination, render(combination.answers, folder / combination.id))
        default = project_of(headline).python()
        changed = {name for name, text in project.python().items() if default.get(name) != text}
        paths += [f"{seed}/{name}" for name in sorted(changed)]
    return paths


def test_they_are_formatted(folder: Path, of_resources: list[str]) -> None:
    said = ruff("format", "--diff", folder, of_resources)
    if said:
        pytest.fail(said[:ENOUGH], pytrace=False)


def test_the_linter_finds_nothing_in_them(folder: Path, of_resources: list[str]) -> None:
    said = ruff("check", "--output-format=concise", folder, of_resources)
    if said != "All checks passed!\n":
        pytest.fail(said[:ENOUGH], pytrace=False)


@pytest.mark.parametrize("seed", TESTED)
def test_what_projects_ship_passes_with_them(seed: int, tmp_path: Path) -> None:
    answers = {"project_name": "Any", "auth": "none", "resources": any_resources(seed)}
    project = render(answers, tmp_path / "any")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:copie", *SHIPPED]
    usual = {name: text for name, text in os.environ.items() if not name.startswith("TEST_")}
    ran = subprocess.run(command, cwd=project, env=usual, capture_output=True, text=True)
    if ran.returncode:
        pytest.fail(ran.stdout[-ENOUGH:], pytrace=False)


def test_lists_of_unique_share_fields_and_names_begin_others() -> None:
    resources = [one for seed in range(LISTS) for one in any_resources(seed)]
    groups = [{frozenset(group) for group in one.get("unique", ())} for one in resources]
    assert any(one & other for many in groups for one in many for other in many - {one})
    named = [set(one["fields"]) for one in resources]
    assert any(name + "x" in names for names in named for name in names)
    assert any(names & set(NAMES) for names in named)


def test_names_have_all_lengths_and_fields_all_types() -> None:
    resources = [one for seed in range(LISTS) for one in any_resources(seed)]
    assert {len(one["name"]) for one in resources} >= set(range(6, 25))
    fields = {name: field for one in resources for name, field in one["fields"].items()}
    assert {len(name) for name in fields} >= set(range(6, 28))
    assert len({field.split("(")[0].split()[0] for field in fields.values()}) == 21
