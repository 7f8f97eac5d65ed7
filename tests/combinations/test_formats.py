"""YAML, TOML and JSON files are valid, against their real schemas where there are any."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from fnmatch import fnmatch
from typing import Any

import pytest
import yaml

from tests.support.project import Project

PARSERS: dict[str, Callable[[str], object]] = {
    ".json": json.loads,
    ".toml": tomllib.loads,
    ".yaml": lambda text: list(yaml.safe_load_all(text)),
    ".yml": lambda text: list(yaml.safe_load_all(text)),
}

SCHEMAS = {
    ".github/workflows/*.yml": "vendor.github-workflows",
    ".github/dependabot.yml": "vendor.dependabot",
    ".gitlab-ci.yml": "vendor.gitlab-ci",
    "compose*.yaml": "vendor.compose-spec",
}
"""Schemas that `check-jsonschema` carries, by path."""

Validate = Callable[[str, str, str], str]


@pytest.fixture(scope="session")
def validate(tmp_path_factory: pytest.TempPathFactory) -> Validate:
    """Validate a file against a schema; equal files are validated once."""
    verdicts: dict[tuple[str, str], str] = {}

    def check(schema: str, name: str, text: str) -> str:
        if (schema, text) not in verdicts:
            path = tmp_path_factory.mktemp("schema") / name.split("/")[-1]
            path.write_text(text)
            command = [
                sys.executable,
                "-m",
                "check_jsonschema",
                "--builtin-schema",
                schema,
                str(path),
            ]
            ran = subprocess.run(command, capture_output=True, text=True, check=False)
            verdicts[schema, text] = ran.stdout + ran.stderr if ran.returncode else ""
        return verdicts[schema, text]

    return check


def test_every_data_file_is_valid(project: Project) -> None:
    for name, text in project.texts.items():
        for ending, parse in PARSERS.items():
            if name.endswith(ending):
                parse(text)


def test_every_data_file_fits_its_schema(project: Project, validate: Validate) -> None:
    for name, text in project.texts.items():
        for pattern, schema in SCHEMAS.items():
            if fnmatch(name, pattern):
                assert validate(schema, name, text) == ""


def test_pyproject_is_what_packaging_tools_expect(
    project: Project, valid_pyproject: Callable[[dict[str, Any]], object]
) -> None:
    valid_pyproject(project.pyproject)


@pytest.fixture(scope="session")
def valid_pyproject() -> Callable[[dict[str, Any]], object]:
    """Validate a parsed `pyproject.toml`, with the schemas of the tools that it configures."""
    from validate_pyproject.api import Validator

    return Validator()
