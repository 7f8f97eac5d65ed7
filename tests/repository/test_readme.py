"""What the README says of questions, of the project and of the matrix is so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from tests.conftest import Render
from tests.matrix import COMBINATIONS, HEADLINE, HEADLINES
from tests.support.questions import ROOT, choices, is_choice, questions

README = (ROOT / "README.md").read_text()
TREE = README.split("```\nmy-api/\n")[1].split("```")[0]
INDENT = "  "
COMMAND = (
    "python3 -m venv .tools && .tools/bin/pip install --quiet uv && "
    ".tools/bin/uvx copier copy --defaults <repository> my-api && cd my-api && "
    "../.tools/bin/uv run just setup dev"
)


def rows() -> list[str]:
    """The rows of the table of questions."""
    table = README.split("## Questions\n\n")[1].split("\n\n")[0]
    return table.splitlines()[2:]


def row(name: str) -> str:
    """How a question's row begins; what follows explains it."""
    if is_choice(name):
        return f"| `{name}` | " + ", ".join(f"`{value}`" for value in choices(name))
    default = questions()[name]["default"]
    return f"| `{name}` | " + ("a list" if isinstance(default, list) else "text")


def paths() -> Iterator[str]:
    """The paths of the tree, folders with a slash at their ends."""
    above: list[str] = []
    for line in TREE.splitlines():
        depth = (len(line) - len(line.lstrip())) // len(INDENT)
        above = [*above[: depth - 1], line.split()[0]]
        yield "".join(above)


def test_every_question_has_its_row_with_the_default_first() -> None:
    pairs = zip_longest(map(row, questions()), rows(), fillvalue="nothing")
    wrong = [
        f"expected {expected}, found {found}"
        for expected, found in pairs
        if not found.startswith((f"{expected} |", f"{expected};", f"{expected} of"))
    ]
    assert wrong == []


def test_every_path_of_the_tree_is_in_the_default_project(project_of: Render) -> None:
    root = project_of(HEADLINES[0]).root
    shown = list(paths())
    assert len(shown) > len(HEADLINE)
    assert [path for path in shown if not (root / path).exists()] == []
    assert [path for path in shown if (root / path).is_dir() != path.endswith("/")] == []


def test_the_numbers_of_combinations_are_those_of_the_matrix() -> None:
    prose = " ".join(README.split())
    found = re.search(r"make (\d+) combinations.* (\d+) in all, are rendered", prose)
    assert found
    assert [int(number) for number in found.groups()] == [len(HEADLINES), len(COMBINATIONS)]


def test_one_line_starts_an_api() -> None:
    assert COMMAND in README.splitlines()
