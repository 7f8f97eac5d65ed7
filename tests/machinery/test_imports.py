"""The comparison of imports and dependencies sees what is missing and what is too much."""

from __future__ import annotations

from tests.support.imports import declared, imported, undeclared, unused

SOURCES = ["import os\nfrom app.main import app\n", "def f():\n    import yaml.nodes\n"]


def test_foreign_modules_are_found_wherever_they_are_imported() -> None:
    assert imported(SOURCES) == {"yaml"}


def test_requirements_lose_versions_extras_and_markers() -> None:
    requirements = ["SQLAlchemy[asyncio]>=2,<3", "uvloop>=0.22; sys_platform != 'win32'", "a_b"]
    assert declared(requirements) == {"sqlalchemy", "uvloop", "a-b"}


def test_a_module_without_a_dependency_is_found() -> None:
    assert undeclared({"yaml"}, {"pydantic"}) == ["yaml"]
    assert undeclared({"yaml"}, {"pyyaml"}) == []


def test_what_fastapi_is_made_of_needs_no_line() -> None:
    assert undeclared({"starlette"}, {"fastapi"}) == []


def test_a_dependency_that_nothing_imports_is_found() -> None:
    assert unused({"yaml"}, {"pyyaml", "pydantic", "ruff"}) == ["pydantic"]
