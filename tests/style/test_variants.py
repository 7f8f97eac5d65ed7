"""Variants of one thing export the same names: whoever calls them never knows which one it is."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.style.code import Function
from tests.style.template import TEMPLATE
from tests.support.questions import choices

VARIANTS = {
    "app/db/{}/__init__.py": "database",
    "tests/fixtures/{}.py": "database",
}
"""Where the variants of a question stand."""


@pytest.mark.parametrize("place", VARIANTS)
def test_variants_export_the_same_names(place: str) -> None:
    values = choices(VARIANTS[place])
    exported = {value: names(TEMPLATE / place.format(value)) for value in values}
    assert all(exported.values())
    assert len(set(exported.values())) == 1, exported


def test_variants_have_the_same_files() -> None:
    folders = [TEMPLATE / "app/db" / value for value in choices("database")]
    assert len({frozenset(one.name for one in folder.glob("*.py")) for folder in folders}) == 1


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
