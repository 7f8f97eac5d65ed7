"""The suites run on what rendered projects declare."""

from __future__ import annotations

import tomllib

from packaging.requirements import Requirement

from tests.conftest import Render
from tests.matrix import FURTHER, PAIRS
from tests.support.imports import normal
from tests.support.questions import ROOT

Ranges = dict[str, tuple[frozenset[str], str]]


def ranges(requirements: list[str]) -> Ranges:
    parsed = [Requirement(one) for one in requirements]
    return {normal(one.name): (frozenset(one.extras), str(one.specifier)) for one in parsed}


def groups() -> dict[str, list[str]]:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found: dict[str, list[str]] = pyproject["dependency-groups"]
    return found


def declared(project_of: Render) -> Ranges:
    found: Ranges = {}
    for combination in (*PAIRS, *FURTHER):
        pyproject = project_of(combination).pyproject
        groups = pyproject["dependency-groups"].values()
        found |= ranges(sum(groups, pyproject["project"]["dependencies"]))
    return found


def test_the_environment_is_what_projects_declare(project_of: Render) -> None:
    ours = ranges(groups()["matrix"])
    shared = ranges(groups()["dev"])
    expected = {name: one for name, one in declared(project_of).items() if name not in shared}
    assert ours == expected


def test_a_package_that_both_use_has_one_range(project_of: Render) -> None:
    shared = ranges(groups()["dev"])
    both = {name: one for name, one in declared(project_of).items() if name in shared}
    assert {name: shared[name] for name in both} == both


def test_copier_is_pinned() -> None:
    assert "copier==9.19.1" in groups()["dev"]
