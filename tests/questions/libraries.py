"""Reads the template's macro libraries as Copier does, without Copier."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, FileSystemLoader
from jinja2_ansible_filters import AnsibleCoreFiltersExtension

from tests.questions.clone import ROOT


def library(name: str) -> Any:
    """The values and macros of a file in `extensions/`."""
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(ROOT),
        extensions=[AnsibleCoreFiltersExtension],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"extensions/{name}.jinja").module
