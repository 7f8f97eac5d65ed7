"""Chooses what of a suite runs, for projects that differ from another in one of their answers."""

from __future__ import annotations

import ast
from fnmatch import fnmatch
from functools import cache

from tests.matrix import LISTED, LISTS, Answers, Combination, headline
from tests.support.covering import cover
from tests.support.project import Project
from tests.support.questions import choices

SEES_ALL = (
    "tests/accounts/test_permissions.py",
    "tests/test_guide.py",
    "tests/test_migrations.py",
    "tests/test_openapi.py",
)
"""Tests that ask the whole application: its document, its tables, whose rows are whose."""

SEES_LIMITS = (
    "tests/rate_limit/*",
    "tests/test_config.py",
    "tests/test_health.py",
    "tests/*throttle*",
)
"""Tests of limits, of what is throttled, of how that is set and of whether it works."""

TABLES = ["tests/test_migrations.py"]

SQUARE = ("database", "auth", "rate_limit")
"""What reaches a suite. Of these answers each two run as a whole together with one third."""


def is_in_square(answers: Answers) -> bool:
    """Tell whether the suite of these answers runs as a whole; fewer answers always may."""
    if not answers.keys() >= set(SQUARE):
        return True
    return sum(choices(name).index(answers[name]) for name in SQUARE) % 3 == 0


DIAGONAL = cover({name: choices(name) for name in SQUARE}, 1, is_in_square, [])
"""Few answers of the square, each of them once."""

MEASURED_LISTS = {"sqlite-none+types"}
"""The list of all types is held to its gate as well. A suite takes twice as long with it."""

WHOLE_LISTS = {*MEASURED_LISTS, "mysql-none+related", "sqlite-jwt+none"}
"""Lists that differ most run as a whole: all types, all relations, and nothing."""

WHOLE_TEXTS = {"awkward-texts"}


def is_measured(combination: Combination) -> bool:
    """Tell whether a suite is held to its gate: for each answer once."""
    if combination.resources != "default":
        return combination.id in MEASURED_LISTS
    return any(row.items() <= combination.answers.items() for row in DIAGONAL)


def is_whole(combination: Combination) -> bool:
    """Tell whether a suite runs as a whole, or only what sees what is special about it."""
    if combination.resources != "default":
        return combination.id in WHOLE_LISTS
    return combination.id in WHOLE_TEXTS or is_in_square(combination.answers)


def is_seen(combination: Combination) -> bool:
    """Tell whether what sees the resources runs here: for a list with each answer once."""
    if combination.resources not in LISTS:
        return True
    places = [choices(question).index(combination[question]) for question in LISTED]
    return (sum(places) + list(LISTS).index(combination.resources)) % 3 == 0


def neighbour(combination: Combination) -> Combination:
    """The combination that has the rest of this one's suite.

    For a list it is the one with the default resources, for a way of limiting the one with the same
    database and access whose suite runs as a whole.
    """
    answers = {name: combination[name] for name in SQUARE}
    if combination.resources != "default":
        return headline(**answers)
    del answers["rate_limit"]
    options = (headline(**answers, rate_limit=limit) for limit in choices("rate_limit"))
    return next(one for one in options if is_whole(one))


def selection(project: Project, other: Project) -> list[str]:
    """The test modules that see the resources, or the limits.

    Besides those that always do, they are the ones that the neighbour has not, or has otherwise,
    or that use a module of the tests of which that is true.
    """
    modules, known = project.python("tests"), other.python("tests")
    changed = {path for path, text in modules.items() if known.get(path) != text}
    while more := {path for path in modules if _uses(modules[path], changed)} - changed:
        changed |= more
    tests = [path for path in modules if path.split("/")[-1].startswith("test_")]
    limits = project.combination["rate_limit"] != other.combination["rate_limit"]
    return sorted(path for path in tests if path in changed or _sees(path, limits))


def _sees(path: str, limits: bool) -> bool:
    patterns = (*SEES_ALL, *SEES_LIMITS) if limits else SEES_ALL
    return any(fnmatch(path, pattern) for pattern in patterns)


def _uses(text: str, paths: set[str]) -> bool:
    return not paths.isdisjoint(_imported(text))


@cache
def _imported(text: str) -> frozenset[str]:
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    names = [f"{node.module}.{alias.name}" for node in nodes for alias in node.names]
    modules = {*names, *(node.module or "" for node in nodes)}
    return frozenset(f"{module.replace('.', '/')}.py" for module in modules)
