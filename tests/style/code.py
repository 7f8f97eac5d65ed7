"""Measures Python code; a text that is in many projects is read once."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Measured:
    """A function or method.

    Attributes:
        length: Its lines, from `def` to the end, without its docstring.
        statements: Those of its body, without its docstring.
    """

    line: int
    name: str
    length: int
    statements: int
    decorators: tuple[str, ...]


def functions(sources: Mapping[str, str]) -> Iterator[tuple[str, Measured]]:
    """All functions and methods, with the path and name of each."""
    for path, text in sources.items():
        for one in _functions(text):
            yield f"{path}:{one.line} {one.name}", one


@cache
def _functions(text: str) -> tuple[Measured, ...]:
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, Function)]
    return tuple(_measure(one) for one in found)


def _measure(function: Function) -> Measured:
    end = function.end_lineno or function.lineno
    lines, statements = end - function.lineno + 1, len(function.body)
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
        statements -= 1
    decorators = tuple(ast.unparse(one) for one in function.decorator_list)
    return Measured(function.lineno, function.name, lines, statements, decorators)


@cache
def imports(path: str, text: str) -> tuple[str, ...]:
    """The modules of the project that a file imports, by full name."""
    found: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            module = node.module or ""
            found += [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return tuple(found)


@cache
def comments(text: str) -> tuple[tuple[int, str], ...]:
    """The comments of a file, but for directives to tools."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    found = [(one.start[0], one.string) for one in tokens if one.type == tokenize.COMMENT]
    return tuple((line, one) for line, one in found if not one.startswith(DIRECTIVES))


DIRECTIVES = ("# noqa", "# type:", "#!")
