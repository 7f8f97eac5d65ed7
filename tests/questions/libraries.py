"""Reads the template's macro libraries as Copier does, without Copier."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from jinja2_ansible_filters import AnsibleCoreFiltersExtension

from tests.questions.clone import ROOT


@cache
def library(name: str) -> Any:
    """The values and macros of a file in `extensions/`."""
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(ROOT),
        extensions=[AnsibleCoreFiltersExtension],
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template(f"extensions/{name}.jinja").module
