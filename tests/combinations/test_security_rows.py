"""Each row of docs/security.md has a test with its number, and no test lacks its row."""

from __future__ import annotations

import re

from tests.support.project import Project

ROW = re.compile(r"(?m)^\| (\d+) \|")
TEST = re.compile(r"(?m)^(?:async )?def test_(\d+)_")


def test_rows_and_tests_are_the_same(project: Project) -> None:
    rows = ROW.findall(project.texts["docs/security.md"])
    tests = [
        number
        for name, text in project.python("tests").items()
        for number in TEST.findall(text)
        if name.startswith("tests/")
    ]
    assert len(rows) == len(set(rows))
    assert set(rows) == set(tests)
