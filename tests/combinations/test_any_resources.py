"""Whatever resources are called and made of, their files come out formatted and clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.combinations.conftest import ruff
from tests.conftest import Render
from tests.matrix import HEADLINE, HOSTS, Combination
from tests.support.any_resources import any_resources
from tests.support.project import Project
from tests.support.render import render

LISTS = 30
ENOUGH = 4000
"""Characters of what ruff says."""


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


def test_names_have_all_lengths_and_fields_all_types() -> None:
    resources = [one for seed in range(LISTS) for one in any_resources(seed)]
    assert {len(one["name"]) for one in resources} >= set(range(6, 25))
    fields = {name: field for one in resources for name, field in one["fields"].items()}
    assert {len(name) for name in fields} >= set(range(6, 28))
    assert len({field.split("(")[0].split()[0] for field in fields.values()}) == 14
