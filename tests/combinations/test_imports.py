"""A project imports what it declares, and declares what it uses."""

from __future__ import annotations

from tests.support.imports import declared, imported, undeclared, unused
from tests.support.project import Project


def runtime(project: Project) -> set[str]:
    return declared(project.pyproject["project"]["dependencies"])


def dev(project: Project) -> set[str]:
    return declared(project.pyproject["dependency-groups"]["dev"])


def shipped(project: Project) -> set[str]:
    sources = {**project.python("app"), **project.python("migrations")}
    return imported(sources.values())


def test_the_app_imports_only_its_dependencies(project: Project) -> None:
    assert undeclared(shipped(project), runtime(project)) == []


def test_the_tests_import_only_dependencies(project: Project) -> None:
    modules = imported(project.python("tests").values())
    assert undeclared(modules, runtime(project) | dev(project)) == []


def test_every_dependency_is_used_by_the_app(project: Project) -> None:
    assert unused(shipped(project), runtime(project)) == []


def test_every_development_dependency_is_used(project: Project) -> None:
    assert unused(imported(project.python().values()), dev(project)) == []


def test_every_dependency_has_a_floor_and_a_ceiling(project: Project) -> None:
    groups = project.pyproject["dependency-groups"].values()
    requirements = sum(groups, project.pyproject["project"]["dependencies"])
    assert [one for one in requirements if ">=" not in one or "<" not in one] == []
