"""Every rendered project is formatted, clean and compiles as it comes out of the template."""

import re
from functools import cache
from pathlib import Path

from tests.combinations.conftest import Findings, said
from tests.support.project import Project

PYTHON = (".py", ".py.mako")
PYTHON_BLOCK = re.compile(r"^```python\n.*?^```", re.MULTILINE | re.DOTALL)


def test_it_is_formatted(project: Project, unformatted: Findings) -> None:
    assert unformatted(project) == []


def test_the_linter_finds_nothing(project: Project, lint: Findings) -> None:
    assert lint(project) == []


def test_what_is_not_formatted_or_not_clean_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import os\nx = {  'b': 1 }\n")
    (tmp_path / "b.py").write_text('x = {"b": 1}\n')
    (tmp_path / "c.md").write_text("```python\nx = {  'b': 1 }\n```\n")
    assert set(said("format", tmp_path, ["a.py", "b.py", "c.md"])) == {"a.py", "c.md"}
    (found,) = said("check", tmp_path, ["a.py", "b.py"]).values()
    assert found[-1] == "a.py:1: F401 `os` imported but unused"


def test_every_module_compiles(project: Project) -> None:
    for name, text in project.python().items():
        compiles(name, text)


def test_whitespace_is_tidy(project: Project) -> None:
    assert [line for name, text in project.texts.items() for line in untidy(name, text)] == []


@cache
def compiles(name: str, text: str) -> None:
    compile(text, name, "exec", dont_inherit=True)


@cache
def untidy(name: str, text: str) -> list[str]:
    lines = text.split("\n")
    found = []
    if text and (lines[-1] or not lines[-2].strip()):
        found.append(f"{name}: does not end with one newline")
    if text.startswith("\n"):
        found.append(f"{name}: starts with an empty line")
    for number, line in enumerate(lines, 1):
        if line != line.rstrip() or "\t" in line[: len(line) - len(line.lstrip())]:
            found.append(f"{name}:{number}: trailing blanks or a tab")
    if not name.endswith(PYTHON) and "\n\n\n" in PYTHON_BLOCK.sub("code", text):
        found.append(f"{name}: two empty lines in a row")
    return found
