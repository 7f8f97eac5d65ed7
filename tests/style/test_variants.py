"""Variants of one thing export the same names: whoever calls them never knows which one it is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.style.code import Function
from tests.style.template import TEMPLATE, python
from tests.support.questions import choices


def test_the_fixtures_of_all_databases_have_the_same_names() -> None:
    found = {one: names(TEMPLATE / f"tests/fixtures/{one}.py") for one in choices("database")}
    assert all(found.values())
    assert len(set(found.values())) == 1, found


@pytest.mark.parametrize("database", choices("database"))
def test_each_database_has_what_is_asked_of_the_dialect(database: str) -> None:
    callers = (one.text for one in python() if Path(one.path).stem not in choices("database"))
    asked = {name for text in callers for name in re.findall(r"\bdialect\.(\w+)", text)}
    tree = ast.parse((TEMPLATE / f"app/db/{database}.py").read_text())
    defined = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {
        one.name for one in ast.walk(tree) if isinstance(one, Function | ast.ClassDef | ast.alias)
    }
    assert len(asked) > 10
    assert asked - defined == set()


WAYS = ("tokens", "cookies")
"""The ways of access; see `docs/decisions/0008-variants-of-access.md`."""


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_access_is_a_credential_and_has_its_fixture(way: str) -> None:
    defined = defined_in(TEMPLATE / f"app/accounts/login/{way}/credentials.py")
    assert defined >= {"LoginCredential", "register_credentials", "EXPIRING"}
    assert "LoginSettings" in defined_in(TEMPLATE / f"app/accounts/login/{way}/settings.py")
    assert "router" in defined_in(TEMPLATE / f"app/accounts/login/{way}/endpoints.py")
    assert "credentials" in names(TEMPLATE / f"tests/fixtures/{way}.py")


def test_attempts_are_counted_by_the_same_names_everywhere() -> None:
    folder = TEMPLATE / "app/core/security/throttle"
    chosen = names_in_all((folder / "__init__.py.jinja").read_text())
    for store in ("database", "redis"):
        assert defined_in(folder / f"{store}.py") >= chosen


def defined_in(path: Path) -> set[str]:
    """The functions, classes and constants of a module."""
    found = set()
    for one in ast.parse(path.read_text()).body:
        if isinstance(one, Function | ast.ClassDef):
            found.add(one.name)
        if isinstance(one, ast.Assign | ast.AnnAssign):
            found.add(ast.unparse(one.target if isinstance(one, ast.AnnAssign) else one.targets[0]))
    return found


def names_in_all(text: str) -> set[str]:
    """What a module says it exports."""
    return set(ast.literal_eval(text.split("__all__ = ")[1].splitlines()[0]))


def test_every_project_has_a_client() -> None:
    fixtures = [names(TEMPLATE / "tests/fixtures" / one) for one in ("accounts.py", "client.py")]
    assert "client" in frozenset.intersection(*fixtures)


def names(path: Path) -> frozenset[str]:
    """What a module says it exports; without `__all__`, its fixtures."""
    tree = ast.parse(path.read_text())
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return frozenset(ast.literal_eval(node.value))
    functions = [one for one in tree.body if isinstance(one, Function)]
    public = [one for one in functions if not one.name.startswith("_")]
    return frozenset(one.name for one in public if one.decorator_list)
