"""Files and functions of rendered projects are small."""

from __future__ import annotations

from statistics import median

from tests.style.code import functions
from tests.support.project import Project

LONGEST_FILE, LONGEST_TEST_FILE = 300, 350
MEDIAN_FUNCTION, LONGEST_FUNCTION = 8, 40
ENDPOINT_STATEMENTS = 3
README_LINES = 120
GENERATED = ("migrations/versions/", "tools/seed.py")
"""They are as long as the resources are many: Alembic writes all changes of a revision into one
function, and samples are data."""


def written(project: Project) -> dict[str, str]:
    """The Python files that somebody would write."""
    files = project.python().items()
    return {path: text for path, text in files if not path.startswith(GENERATED)}


def test_no_file_is_long(measured: Project) -> None:
    sizes = {path: len(text.splitlines()) for path, text in written(measured).items()}
    limits = {
        path: LONGEST_TEST_FILE if path.startswith("tests/") else LONGEST_FILE for path in sizes
    }
    assert {path: size for path, size in sizes.items() if size > limits[path]} == {}


def test_half_of_the_functions_are_short(measured: Project) -> None:
    assert median(one.length for _, one in functions(measured.python())) <= MEDIAN_FUNCTION


def test_no_function_is_long(measured: Project) -> None:
    sizes = {where: one.length for where, one in functions(written(measured))}
    assert {where: size for where, size in sizes.items() if size > LONGEST_FUNCTION} == {}


def test_an_endpoint_has_few_statements(measured: Project) -> None:
    endpoints = [
        (where, one)
        for where, one in functions(measured.python("app"))
        if any("router." in decorator for decorator in one.decorators)
    ]
    assert endpoints
    found = [where for where, one in endpoints if one.statements > ENDPOINT_STATEMENTS]
    assert found == []


def test_the_readme_is_short(each: Project) -> None:
    assert len(each.texts["README.md"].splitlines()) <= README_LINES


def test_the_readme_is_short_whatever_the_resources_are(measured: Project) -> None:
    assert len(measured.texts["README.md"].splitlines()) <= README_LINES
