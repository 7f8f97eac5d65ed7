"""Core knows nothing of features and the owner's code, and layers import what is below them."""

from __future__ import annotations

import re

from tests.style.code import imports
from tests.support.project import Project

CORE = ("app.core", "app.db")
FEATURES = ("app.accounts",)
COMPOSITION = (
    "app.main",
    "app.config",
    "app.features",
    "app.lifespan",
    "app.cli",
    "app.models",
    "app.api.v1.router",
)
"""Modules in which features are plugged in: they alone know their insides."""

LAYERS = ("models", "crud", "services", "endpoints")
"""From the lowest to the highest, of the owner and of each feature."""

Edges = list[tuple[str, str]]


def edges(project: Project) -> Edges:
    """Which module imports what, of the project's own."""
    found = []
    for path, text in project.python("app").items():
        names = (name for name in imports(path, text) if name.startswith("app."))
        found += [(name_of(path), name) for name in names]
    return found


def name_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def is_in(module: str, *packages: str) -> bool:
    """Tell whether a module is one of these, or in one."""
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


def layer(module: str) -> tuple[str, int] | None:
    """The owner or the feature that a module is of, and its layer there; none outside of layers."""
    parts = ["endpoints" if part in {"api", "endpoints"} else part for part in module.split(".")]
    found = [LAYERS.index(part) for part in parts if part in LAYERS]
    whose = parts[1] if is_in(module, *FEATURES) else "owner"
    return (whose, found[0]) if found and not is_in(module, *CORE) else None


def test_core_imports_core_alone(measured: Project) -> None:
    found = [(by, of) for by, of in edges(measured) if is_in(by, *CORE)]
    assert [edge for edge in found if not is_in(edge[1], *CORE)] == []


def test_no_layer_imports_a_higher_one(measured: Project) -> None:
    ranked = [(layer(by), layer(of), by, of) for by, of in edges(measured)]
    found = [(by, of) for a, b, by, of in ranked if a and b and a[0] == b[0] and a[1] < b[1]]
    assert found == []


def test_the_owner_uses_features_by_their_public_names(measured: Project) -> None:
    found = [
        (by, of)
        for by, of in edges(measured)
        if not is_in(by, *CORE, *FEATURES) and by not in COMPOSITION
        if any(is_in(of, one) for one in FEATURES)
    ]
    public = set(FEATURES)
    assert [edge for edge in found if edge[1].rpartition(".")[0] not in public | {"app"}] == []


def test_a_feature_imports_none_of_the_owners_code(measured: Project) -> None:
    found = [(by, of) for by, of in edges(measured) if is_in(by, *FEATURES)]
    settings = {"app.config", "app.config.Settings", "app.config.load_settings"}
    inside = (*CORE, *FEATURES)
    assert [one for one in found if not is_in(one[1], *inside) and one[1] not in settings] == []


def test_settings_groups_import_no_more_than_core_and_their_feature(measured: Project) -> None:
    found = [(by, of) for by, of in edges(measured) if by.endswith(".settings")]
    inside = (*CORE, *FEATURES)
    assert [edge for edge in found if not is_in(edge[1], *inside)] == []


def test_every_module_is_used(measured: Project) -> None:
    modules = {name_of(path) for path in measured.python("app") if "__" not in path}
    used = {of for by, of in edges(measured) if by != of}
    named = re.findall(r'"(app[\w.]+):\w+"', measured.texts["app/cli.py"])
    assert modules - used - set(named) == set()
