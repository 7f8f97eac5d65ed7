"""The macros from which the files of resources are written are small, used, and explained."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tests.style.template import EXTENSIONS, sources
from tests.support.questions import ROOT

LIBRARIES = sorted(EXTENSIONS.glob("*.jinja"))
LONGEST_FILE, LONGEST_MACRO, LONGEST_LINE = 250, 40, 170
"""A sentence stands on one line, however long it is."""

MACRO = re.compile(r"(?ms)^\{% macro (\w+)\(.*?^\{% endmacro %\}")


def macros() -> list[tuple[str, str, str]]:
    """All macros: the library, the name, the text."""
    texts = {path.name: path.read_text() for path in LIBRARIES}
    return [(name, one[1], one[0]) for name, text in texts.items() for one in MACRO.finditer(text)]


def test_no_library_is_long() -> None:
    sizes = {path.name: len(path.read_text().splitlines()) for path in LIBRARIES}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_no_macro_is_long() -> None:
    sizes = {f"{file}: {name}": len(text.splitlines()) for file, name, text in macros()}
    assert {where: size for where, size in sizes.items() if size > LONGEST_MACRO} == {}


def test_no_line_is_long() -> None:
    lines = [f"{path.name}: {line}" for path in LIBRARIES for line in path.read_text().splitlines()]
    assert [line for line in lines if len(line.split(": ", 1)[1]) > LONGEST_LINE] == []


def test_every_library_says_what_it_is_for() -> None:
    assert [path.name for path in LIBRARIES if not path.read_text().startswith("{# ")] == []


def test_every_macro_is_used() -> None:
    places: list[Path] = [ROOT / "copier.yml", *(ROOT / "questions").glob("*.yml"), *LIBRARIES]
    text = "\n".join([path.read_text() for path in places] + [one.text for one in sources()])
    counted = Counter(re.findall(r"\b(\w+)\(", text))
    assert [f"{file}: {name}" for file, name, _ in macros() if counted[name] < 2] == []


def test_a_loop_or_condition_is_not_deep() -> None:
    assert [f"{file}: {name}" for file, name, text in macros() if depth(text) > 4] == []


def depth(text: str) -> int:
    """How deep loops and conditions are nested in a macro."""
    deepest = level = 0
    for tag in re.findall(r"\{%-? *(for|if|endfor|endif)\b", text):
        level += 1 if tag in {"for", "if"} else -1
        deepest = max(deepest, level)
    return deepest
