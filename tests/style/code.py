"""Measures Python code."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(sources: Mapping[str, str]) -> Iterator[tuple[str, Function]]:
    """All functions and methods, with the path and name of each."""
    for path, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, Function):
                yield f"{path}:{node.lineno} {node.name}", node


def statements(function: Function) -> list[ast.stmt]:
    """A function's statements without its docstring."""
    has_docstring = ast.get_docstring(function) is not None
    return function.body[1:] if has_docstring else function.body


def length(function: Function) -> int:
    """A function's lines, from `def` to the end, without its docstring."""
    end = function.end_lineno or function.lineno
    lines = end - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return lines


def imports(path: str, text: str) -> Iterator[str]:
    """The modules of the project that a file imports, by full name."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            module = node.module or ""
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def comments(text: str) -> list[tuple[int, str]]:
    """The comments of a file, but for directives to tools."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    found = [(one.start[0], one.string) for one in tokens if one.type == tokenize.COMMENT]
    return [(line, one) for line, one in found if not one.startswith(("# noqa", "# type:", "#!"))]
