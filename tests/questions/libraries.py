"""Reads the template's macro libraries as Copier does, without Copier."""

from __future__ import annotations

from typing import Any

from importer.language import macros


def library(name: str) -> Any:
    """The values and macros of a file in `extensions/`."""
    return macros(name)
