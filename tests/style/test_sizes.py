"""Files and functions of rendered projects are small."""

from __future__ import annotations

import ast
from statistics import median

from tests.style.code import functions, length, statements
from tests.support.project import Project

TINY = 5
MEDIAN_FILE, LONGEST_FILE = 50, 250
MEDIAN_FUNCTION, LONGEST_FUNCTION = 8, 40
ENDPOINT_STATEMENTS = 3
README_LINES = 120
GENERATED = "migrations/versions/"
"""Alembic writes all changes of a revision into one function."""


def test_half_of_the_files_are_short(headline: Project) -> None:
    everywhere = [len(text.splitlines()) for text in headline.python().values()]
    application = [len(text.splitlines()) for text in headline.python("app").values()]
    assert median(everywhere) <= MEDIAN_FILE
    assert median(size for size in application if size > TINY) <= MEDIAN_FILE


def test_no_file_is_long(headline: Project) -> None:
    sizes = {path: len(text.splitlines()) for path, text in headline.python().items()}
    assert {path: size for path, size in sizes.items() if size > LONGEST_FILE} == {}


def test_half_of_the_functions_are_short(headline: Project) -> None:
    assert median(length(one) for _, one in functions(headline.python())) <= MEDIAN_FUNCTION


def test_no_function_is_long(headline: Project) -> None:
    everywhere = headline.python().items()
    written = {path: text for path, text in everywhere if not path.startswith(GENERATED)}
    sizes = {where: length(one) for where, one in functions(written)}
    assert {where: size for where, size in sizes.items() if size > LONGEST_FUNCTION} == {}


def test_an_endpoint_has_few_statements(headline: Project) -> None:
    endpoints = [
        (where, one)
        for where, one in functions(headline.python("app/api"))
        if any("router." in ast.unparse(decorator) for decorator in one.decorator_list)
    ]
    assert endpoints
    found = [where for where, one in endpoints if len(statements(one)) > ENDPOINT_STATEMENTS]
    assert found == []


def test_the_readme_is_short(headline: Project) -> None:
    assert len(headline.texts["README.md"].splitlines()) <= README_LINES
