"""The proposed short name always passes, and no package can be one."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from copier import run_copy
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.matrix import PAIRS, Combination
from tests.questions.conftest import Ask
from tests.questions.libraries import library


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("My API", "my-api"),
        ("Orders & Returns (v2)", "orders-returns-v2"),
        ("3D Prints", "d-prints"),
        ("FastAPI", "fastapi-api"),
        ("OpenTelemetry API", "opentelemetry-api-api"),
        ("東京", "my-api"),
        ("2026", "my-api"),
        ("Application of a very long name, as it is", "application-of-a-very-long-name-as-i"),
        ("x" * 35 + " yz", "x" * 35),
    ],
)
def test_the_proposed_short_name_passes(ask: Ask, name: str, slug: str) -> None:
    assert ask(project_name=name)["project_slug"] == slug


@pytest.mark.parametrize("headline", PAIRS, ids=lambda one: one.id)
def test_no_package_of_the_project_can_be_its_short_name(
    template: Path, destination: Path, headline: Combination
) -> None:
    only, answers = ["*", "!/pyproject.toml"], dict(headline.answers)
    run_copy(str(template), destination, answers, exclude=only, defaults=True, quiet=True)
    declared = tomllib.loads((destination / "pyproject.toml").read_text())
    direct = declared["project"]["dependencies"] + declared["dependency-groups"]["dev"]
    assert installed_with(direct) - set(library("packages").taken) == set()


def installed_with(requirements: list[str]) -> set[str]:
    """Names of these packages and of what they bring along, as far as it is installed here."""
    open_ones, seen = [Requirement(line) for line in requirements], set()
    while open_ones:
        one = open_ones.pop()
        if (key := (canonicalize_name(one.name), frozenset(one.extras))) not in seen:
            seen.add(key)
            open_ones += brought_by(one)
    return {name for name, _ in seen}


def brought_by(requirement: Requirement) -> list[Requirement]:
    """What a package requires on any platform, with the extras that are asked for."""
    try:
        lines = requires(requirement.name) or []
    except PackageNotFoundError:
        return []
    found = [Requirement(line) for line in lines]
    return [one for one in found if is_wanted(one, requirement.extras)]


def is_wanted(requirement: Requirement, extras: set[str]) -> bool:
    """Tell whether a requirement holds without an extra, or with one of these."""
    marker = requirement.marker
    if marker is None or "extra" not in str(marker):
        return True
    return any(marker.evaluate({"extra": extra}) for extra in extras)
