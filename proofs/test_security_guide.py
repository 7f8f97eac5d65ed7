"""What docs/security.md says is proved is what tests are marked to prove, no more and no less."""

import ast
import fnmatch
import re
from collections.abc import Iterator
from functools import cache

import pytest

from proofs.conditions import PROOFS, ROOT, applies

GUIDE = (ROOT / "docs" / "security.md").read_text()
FILES = {
    path.relative_to(ROOT / folder).as_posix(): path
    for folder in ("tests", "proofs")
    for path in sorted((ROOT / folder).rglob("test_*.py"))
    if folder == "tests" or applies(path.relative_to(PROOFS).as_posix())
}
"""Tests that the project has, and those that are laid over it."""

REPEATED = {name for name in FILES if name.endswith("_access.py")}
"""They repeat for each resource what other tests prove for all."""

Claim = tuple[str, str]


def documented() -> Iterator[Claim]:
    """Give each row of the standard with each test that is named for it."""
    for row, tests in re.findall(r"(?m)^\| ([\d.]+) \|.*\| (.*) \|$", GUIDE):
        for test in re.findall(r"`([^`]+)`", tests):
            yield row, test


@cache
def marked() -> list[Claim]:
    """Return each row of the standard with each test that is marked with it."""
    return [
        (row, f"{name}::{node.name}")
        for name, path in FILES.items()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for row in rows_of(node)
    ]


def rows_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """Give the rows that a test is marked with: `@pytest.mark.asvs("6.2.1", "6.2.9")`."""
    for decorator in function.decorator_list:
        if (
            isinstance(decorator, ast.Call)
            and ast.unparse(decorator.func) == "pytest.mark.asvs"
        ):
            yield from (ast.literal_eval(argument) for argument in decorator.args)


def test_every_test_that_is_named_exists_and_is_marked_with_its_row() -> None:
    assert set(documented()) - set(marked()) == set()


def test_every_test_that_is_marked_is_named_with_its_row() -> None:
    assert set(marked()) - set(documented()) == set()


def test_rows_are_in_order_and_no_test_is_named_twice_for_one() -> None:
    rows = re.findall(r"(?m)^\| ([\d.]+) \|", GUIDE)
    numbers = [tuple(int(part) for part in row.split(".")) for row in rows]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 20
    assert len(list(documented())) == len(set(documented()))


@pytest.mark.parametrize("modules", re.findall(r"(?m)^- `(.*\.py)`$", GUIDE))
def test_every_module_about_security_proves_something(modules: str) -> None:
    proving = {test.split("::")[0] for _, test in marked()}
    found = set(fnmatch.filter(FILES, modules)) - REPEATED
    assert found
    assert found - proving == set()
