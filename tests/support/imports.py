"""Compares what Python files import with what the project declares."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import packages_distributions

OWN = {"app", "migrations", "tests", "tools"}

COMES_WITH = {
    "cryptography": "python-jose",
    "pydantic-core": "pydantic",
    "starlette": "fastapi",
}
"""Part of the other's public interface; and the other alone says which version."""

NOT_IMPORTED = {
    "aiosqlite": "the driver that SQLAlchemy loads by the URL",
    "argon2-cffi": "libpass uses it for the hashes that it makes",
    "asyncmy": "the driver that SQLAlchemy loads by the URL",
    "asyncpg": "the driver that SQLAlchemy loads by the URL",
    "bcrypt": "libpass uses it for the hashes that came from elsewhere",
    "cryptography": "asyncmy needs it for the server's default authentication",
    "email-validator": "Pydantic uses it for addresses",
    "httptools": "uvicorn uses it where it is installed",
    "import-linter": "a verb",
    "jsonschema-rs": "openapi-spec-validator uses it where it is installed",
    "mypy": "a verb",
    "pre-commit": "a verb",
    "pytest-cov": "a plugin of pytest",
    "python-multipart": "FastAPI reads forms with it",
    "requests": "one of the clients in docs/api.md",
    "ruff": "a verb",
    "rust-just": "runs the verbs",
    "types-passlib": "mypy reads them",
    "types-python-jose": "mypy reads them",
    "tzdata": "data for the standard library",
    "uvicorn": "the server, started from the command line",
    "uvloop": "uvicorn uses it where it is installed",
    "watchfiles": "uvicorn uses it for reloading",
}
"""Why a dependency is declared although no file imports it."""


def imported(sources: Iterable[str]) -> set[str]:
    """The foreign top-level modules that sources import, under any condition."""
    return {name.split(".")[0] for name in imported_names(sources)}


def imported_names(sources: Iterable[str]) -> set[str]:
    """The foreign modules that sources import, by full name."""
    return set().union(*(_names(source) for source in sources))


@cache
def _names(source: str) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module or "")
    own = OWN | sys.stdlib_module_names
    return frozenset(name for name in names if name.split(".")[0] not in own)


def declared(requirements: Iterable[str]) -> set[str]:
    """The normalised names of requirements, without their extras and versions."""
    names = [re.split(r"[\s\[<>=!~;@]", requirement, maxsplit=1)[0] for requirement in requirements]
    return {normal(name) for name in names}


def undeclared(modules: set[str], dependencies: set[str]) -> list[str]:
    """The modules that no declared dependency brings."""
    known = dependencies | {part for part, whole in COMES_WITH.items() if whole in dependencies}
    return sorted(module for module in modules if not (distributions(module) & known))


def unused(modules: set[str], dependencies: set[str]) -> list[str]:
    """The dependencies that nothing imports and that no reason excuses."""
    used: set[str] = set().union(*(distributions(module) for module in modules))
    return sorted(dependencies - used - set(NOT_IMPORTED))


def distributions(module: str) -> set[str]:
    """The normalised names of the packages that bring a module."""
    return {normal(name) for name in _packages().get(module, [])}


def normal(name: str) -> str:
    """A package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _packages() -> Mapping[str, list[str]]:
    return packages_distributions()
