"""YAML, TOML and JSON files are valid, against their real schemas where there are any."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
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

Misfits = dict[tuple[str, str], str]


@pytest.fixture(scope="session")
def misfits(projects: list[Project], tmp_path_factory: pytest.TempPathFactory) -> Misfits:
    """What is wrong with a file, by the schema that it is held to; equal files are read once."""
    found: Misfits = {}
    files = {one for project in projects for one in described(project)}
    for schema in SCHEMAS.values():
        folder = tmp_path_factory.mktemp("schema")
        texts = {text: name for name, text, its in sorted(files) if its == schema}
        paths = [folder / f"{n}-{name.split('/')[-1]}" for n, name in enumerate(texts.values())]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text)
        said = validate(schema, paths)
        found |= {
            (schema, text): said.get(path, "") for path, text in zip(paths, texts, strict=True)
        }
    return found


def described(project: Project) -> list[tuple[str, str, str]]:
    """The files that have a schema: path, text, schema."""
    return [
        (name, text, schema)
        for name, text in project.texts.items()
        for pattern, schema in SCHEMAS.items()
        if fnmatch(name, pattern)
    ]


def validate(schema: str, paths: list[Path]) -> dict[Path, str]:
    """What is wrong with files, if anything is."""
    if not paths:
        return {}
    options = ["--builtin-schema", schema, "--output-format", "json", *map(str, paths)]
    command = [sys.executable, "-m", "check_jsonschema", *options]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    said = json.loads(ran.stdout)
    assert (ran.returncode == 0) == (said["status"] == "ok"), ran.stderr
    wrong = said.get("errors", []) + said.get("parse_errors", [])
    return {Path(one["filename"]): str(one) for one in wrong}


def test_every_data_file_is_valid(project: Project) -> None:
    for name, text in project.texts.items():
        if name.endswith(tuple(PARSERS)):
            parses(Path(name).suffix, text)


@cache
def parses(ending: str, text: str) -> None:
    PARSERS[ending](text)


def test_every_data_file_fits_its_schema(project: Project, misfits: Misfits) -> None:
    found = [misfits[schema, text] for _, text, schema in described(project)]
    assert [one for one in found if one] == []


def test_a_file_that_does_not_fit_is_found(tmp_path: Path) -> None:
    good, bad, broken = (tmp_path / f"{name}.yml" for name in ("good", "bad", "broken"))
    good.write_text("on: push\njobs: {a: {runs-on: b, steps: [{run: c}]}}\n")
    bad.write_text("on: push\njobs: {a: {steps: [{run: c}]}}\n")
    broken.write_text("on: [push\n")
    assert set(validate("vendor.github-workflows", [good, bad, broken])) == {bad, broken}


def test_pyproject_is_what_packaging_tools_expect(
    project: Project, valid_pyproject: Callable[[dict[str, Any]], object]
) -> None:
    valid_pyproject(project.pyproject)


@pytest.fixture(scope="session")
def valid_pyproject() -> Callable[[dict[str, Any]], object]:
    """Validate a parsed `pyproject.toml`, with the schemas of the tools that it configures."""
    from validate_pyproject.api import Validator

    return Validator()
