"""Code that macros lay out is as the formatter would write it."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path
from typing import Any

from tests.questions.libraries import library

CASES = 400
LAYOUT = library("layout")


def word(chance: random.Random, longest: int) -> str:
    return "x" * chance.randint(1, longest)


def part(chance: random.Random) -> str | dict[str, Any]:
    """A part of a call, which is sometimes a call of its own."""
    if chance.random() < 0.3:
        parts = [f"{word(chance, 12)}={word(chance, 40)}" for _ in range(chance.randint(1, 3))]
        return {"head": f"{word(chance, 12)}(", "parts": parts, "tail": ")"}
    return word(chance, 40)


def statement(number: int) -> str:
    chance = random.Random(number)  # noqa: S311  (the same on every run)
    parts = [part(chance) for _ in range(chance.randint(1, 5))]
    head, indent = f"{word(chance, 40)} = ", chance.choice((0, 4))
    if indent:
        return f"if x:\n{statement_of(number, head, parts, indent)}\n"
    return f"{statement_of(number, head, parts, indent)}\n"


def statement_of(number: int, head: str, parts: list[Any], indent: int) -> str:
    written = {
        0: lambda: LAYOUT.call(f"{head}f(", parts, ")", indent),
        1: lambda: LAYOUT.call(f"{head}f[", ["str", *parts], "]", indent),
        2: lambda: LAYOUT.tuple(head, parts, "", indent),
        3: lambda: LAYOUT.collection(f"{head}[", parts, "]", indent),
    }
    return str(written[number % 4]())


def test_statements_are_laid_out_as_the_formatter_would(tmp_path: Path) -> None:
    path = tmp_path / "laid_out.py"
    path.write_text("".join(statement(number) for number in range(CASES)))
    lines = path.read_text().splitlines()
    assert any(len(line) > 90 for line in lines)
    assert len(lines) > 2 * CASES
    command = ["ruff", "format", "--isolated", "--line-length=100", "--diff", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert done.returncode == 0


def imports(number: int) -> str:
    chance = random.Random(number)  # noqa: S311  (the same on every run)
    names = ["UTC", "Annotated", "JSON", "a10", "a2", "line_item", "Line", "LINES", "Item2", "b"]
    modules = ["app.a", "app.a_b", "app.ab", "app.a.b", "app.a2", "app.a10"]
    pairs = [
        [module, chance.sample(names, chance.randint(0, len(names)))]
        for module in chance.sample(modules, chance.randint(1, len(modules)))
    ]
    standard = [["datetime", ["datetime"]], ["collections.abc", ["Mapping", "Callable"]]]
    return str(LAYOUT.imports(chance.sample(standard, chance.randint(0, 2)), [], pairs))


def test_imports_are_sorted_as_the_linter_would(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    for number in range(40):
        (tmp_path / f"module_{number}.py").write_text(imports(number))
    command = ["ruff", "check", "--isolated", "--line-length=100", "--select=I", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
