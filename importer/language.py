"""The language of resources, as the template's own macros know it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from jinja2_ansible_filters import AnsibleCoreFiltersExtension

HERE = Path(__file__).parent
ROOT = HERE if (HERE / "extensions").is_dir() else HERE.parent
"""Installed, the package has the macros; in the repository they stand beside it."""


@cache
def macros(name: str) -> Any:
    """Return what a file of `extensions/` defines."""
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(ROOT),
        extensions=[AnsibleCoreFiltersExtension],
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template(f"extensions/{name}.jinja").module


def refusals(resources: list[dict[str, Any]]) -> list[str]:
    """Return all that the template would refuse, a sentence each."""
    lines = [
        " ".join(line.split())
        for line in macros("refused_resources").reasons(resources).split("\n")
    ]
    return list(dict.fromkeys(filter(None, lines)))


def name_refusal(name: str) -> str:
    """Return why a resource cannot have this name, or nothing."""
    return " ".join(str(macros("refused_names").name_refusal(1, name)).split())


def plural_refusal(name: str, plural: str | None = None) -> str:
    """Return why a resource cannot have its plural, or nothing."""
    return " ".join(str(macros("refused_names").plural_refusal(name, plural)).split())


def singular(name: str) -> str:
    """Return one of many: `order_details` is `order_detail`."""
    return str(macros("plurals").singular(name)).strip()


def plural(name: str) -> str:
    """Return many of one."""
    return str(macros("plurals").plural(name)).strip()
