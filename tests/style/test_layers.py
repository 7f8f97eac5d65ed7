"""Each layer of a rendered project imports what is below it, and nothing imports the API."""

from __future__ import annotations

import re

from tests.style.code import imports
from tests.support.project import Project

LAYERS = (
    ("app.core", "app.schemas"),
    ("app.db",),
    ("app.models",),
    ("app.crud",),
    ("app.services",),
    ("app.api.dependencies",),
    ("app.api",),
    ("app.commands",),
)
"""From the lowest to the highest; everyone may use `core` and `schemas`."""


def rank(module: str) -> int | None:
    """The layer of a module; none for what puts the layers together, such as `app.main`."""
    named = [(n, layer) for n, layers in enumerate(LAYERS) for layer in layers]
    found = [n for n, layer in named if f"{module}.".startswith(f"{layer}.")]
    return min(found) if found else None


def edges(project: Project) -> list[tuple[str, str]]:
    found = []
    for path, text in project.python("app").items():
        names = (name for name in imports(path, text) if name.startswith("app."))
        found += [(name_of(path), name) for name in names]
    return found


def name_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def test_no_layer_imports_a_higher_one(measured: Project) -> None:
    ranked = [(rank(by), rank(of), by, of) for by, of in edges(measured)]
    found = [(by, of) for a, b, by, of in ranked if a is not None and b is not None and a < b]
    assert found == []


def test_nothing_below_imports_the_api(measured: Project) -> None:
    found = [(by, of) for by, of in edges(measured) if of.startswith("app.api")]
    below = {"core", "schemas", "db", "models", "crud", "services"}
    assert [edge for edge in found if edge[0].split(".")[1] in below] == []


def test_settings_groups_import_nothing_of_ours(measured: Project) -> None:
    found = [(by, of) for by, of in edges(measured) if by.startswith("app.core.settings.")]
    assert [edge for edge in found if not edge[1].startswith("app.core.settings.")] == []


def test_only_the_top_reads_all_settings(measured: Project) -> None:
    readers = {by.split(".")[1] for by, of in edges(measured) if of == "app.config"}
    assert readers & {"core", "crud", "db", "models", "schemas", "services"} == set()


def test_every_module_is_used(measured: Project) -> None:
    modules = {name_of(path) for path in measured.python("app") if "__" not in path}
    used = {of for by, of in edges(measured) if by != of}
    named = re.findall(r'"(app[\w.]+):\w+"', measured.texts["app/cli.py"])
    unused = modules - used - set(named)
    assert unused <= used_by_tests(measured)


def used_by_tests(project: Project) -> set[str]:
    """The modules that tests use, such as the sample: they wait for a resource that needs them."""
    files = project.python("tests").items()
    return {name for path, text in files for name in imports(path, text)}
