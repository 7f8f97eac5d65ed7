"""The application as servers and editors find it."""

import tomllib
from importlib import import_module
from pathlib import Path

from fastapi import FastAPI

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_the_entrypoint_names_one_application() -> None:
    entrypoint = tomllib.loads(PROJECT.read_text())["tool"]["fastapi"]["entrypoint"]
    module, _, name = entrypoint.partition(":")
    first, second = (getattr(import_module(module), name) for _ in range(2))
    assert name in dir(import_module(module))
    assert isinstance(first, FastAPI)
    assert first is second
