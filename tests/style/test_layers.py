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

FOR_THE_OWNER = {"app.api.deprecation"}
"""Modules that nothing uses yet."""


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


def test_no_layer_imports_a_higher_one(headline: Project) -> None:
    ranked = [(rank(by), rank(of), by, of) for by, of in edges(headline)]
    found = [(by, of) for a, b, by, of in ranked if a is not None and b is not None and a < b]
    assert found == []


def test_nothing_below_imports_the_api(headline: Project) -> None:
    found = [(by, of) for by, of in edges(headline) if of.startswith("app.api")]
    below = {"core", "schemas", "db", "models", "crud", "services"}
    assert [edge for edge in found if edge[0].split(".")[1] in below] == []


def test_settings_groups_import_nothing_of_ours(headline: Project) -> None:
    found = [(by, of) for by, of in edges(headline) if by.startswith("app.core.settings.")]
    assert [edge for edge in found if not edge[1].startswith("app.core.settings.")] == []


def test_only_the_top_reads_all_settings(headline: Project) -> None:
    readers = {by.split(".")[1] for by, of in edges(headline) if of == "app.config"}
    assert readers & {"core", "crud", "db", "models", "schemas", "services"} == set()


def test_every_module_is_used(headline: Project) -> None:
    modules = {name_of(path) for path in headline.python("app") if "__" not in path}
    used = {of for by, of in edges(headline) if by != of}
    named = re.findall(r'"(app[\w.]+):\w+"', headline.texts["app/cli.py"])
    assert modules - used - set(named) == FOR_THE_OWNER
