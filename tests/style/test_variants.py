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


CREDENTIALS = {"scheme", "ClaimsDep", "challenge", "register_credentials"}
"""What the ways of access have in common; see `docs/decisions/0008-variants-of-access.md`."""


@pytest.mark.parametrize("way", ["bearer", "cookies"])
def test_each_way_of_access_has_all_that_the_rest_asks_for(way: str) -> None:
    tree = ast.parse((TEMPLATE / f"app/api/dependencies/{way}.py").read_text())
    functions = {one.name for one in tree.body if isinstance(one, Function)}
    assigned = [one.targets[0] for one in tree.body if isinstance(one, ast.Assign)]
    assert functions | {one.id for one in assigned if isinstance(one, ast.Name)} >= CREDENTIALS
    assert names(TEMPLATE / f"tests/fixtures/{way}.py") >= {"log_in", "permissions", "proof"}


def test_attempts_are_counted_by_the_same_names_everywhere() -> None:
    stores = [TEMPLATE / f"app/services/throttle_store/{one}.py" for one in ("database", "redis")]
    chosen = TEMPLATE / "app/services/throttle_store/__init__.py.jinja"
    lists = [path.read_text().split("__all__ = ")[1].splitlines()[0] for path in [*stores, chosen]]
    assert len(set(lists)) == 1


def test_every_project_has_a_client() -> None:
    fixtures = [names(TEMPLATE / "tests/fixtures" / one) for one in ("users.py", "client.py")]
    assert frozenset.intersection(*fixtures) == {"client", "sample_routers"}


def names(path: Path) -> frozenset[str]:
    """What a module says it exports; without `__all__`, its fixtures."""
    tree = ast.parse(path.read_text())
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return frozenset(ast.literal_eval(node.value))
    functions = [one for one in tree.body if isinstance(one, Function)]
    public = [one for one in functions if not one.name.startswith("_")]
    return frozenset(one.name for one in public if one.decorator_list)
