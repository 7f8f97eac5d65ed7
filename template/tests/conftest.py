"""Loads the fixtures: all of `tests/fixtures/`, and what creates rows of resources."""

from pathlib import Path

import pytest

PACKAGES = ("factories", "fixtures")

pytest.register_assert_rewrite(*(f"tests.{package}" for package in PACKAGES))
pytest_plugins = [
    f"tests.{package}.{path.stem}"
    for package in PACKAGES
    for path in sorted(Path(__file__).parent.glob(f"{package}/[!_]*.py"))
]
