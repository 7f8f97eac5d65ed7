"""Reads Compose files as Docker Compose does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml

VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


class MissingError(Exception):
    """A variable is required, and not set; says what the file says of it."""


def read(text: str, variables: Mapping[str, str]) -> dict[str, Any]:
    """Read a file, with its variables in their places; an empty one is an empty text."""

    def value(match: re.Match[str]) -> str:
        name, kind, words = match.groups()
        if given := variables.get(name):
            return given
        if kind == "?":
            raise MissingError(words)
        return words or ""

    found: dict[str, Any] = _each_text(yaml.safe_load(text), lambda one: VARIABLE.sub(value, one))
    return found


def _each_text(tree: Any, change: Callable[[str], str]) -> Any:
    if isinstance(tree, dict):
        return {key: _each_text(value, change) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_each_text(value, change) for value in tree]
    return change(tree) if isinstance(tree, str) else tree


def variables(text: str) -> set[str]:
    """The names of the variables that a file asks for."""
    return {match[1] for match in VARIABLE.finditer(text)}


def required(text: str) -> dict[str, str]:
    """The variables that must be set, and what is said where they are not."""
    return {match[1]: match[3] for match in VARIABLE.finditer(text) if match[2] == "?"}
