"""Tools that run once over all rendered projects; each test picks what concerns its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.project import Project

Source = tuple[str, str, str]
"""A file's path, its text, and the configuration that it is judged by."""

Places = dict[Source, str]
Findings = Callable[[Project], list[str]]

CHECKED = (".py", "/pyproject.toml")
FORMATTED = (".py", ".md")


@pytest.fixture(scope="session")
def places(projects: list[Project]) -> Places:
    """The first of all files that are equal; what a tool says of it holds for the others."""
    found: Places = {}
    for project in projects:
        for source in sources(project):
            found.setdefault(source, f"{project.root.name}/{source[0]}")
    return found


@pytest.fixture(scope="session")
def lint(places: Places, workplace: Path) -> Findings:
    """What `ruff check` says of a project; ruff takes each project's own configuration."""
    return findings(places, said("check", workplace, chosen(places, CHECKED)))


@pytest.fixture(scope="session")
def unformatted(places: Places, workplace: Path) -> Findings:
    """What `ruff format` would change in a project."""
    return findings(places, said("format", workplace, chosen(places, FORMATTED)))


def sources(project: Project) -> list[Source]:
    """The files that ruff reads."""
    python, configuration = project.pyproject["project"], project.pyproject["tool"]["ruff"]
    judge = repr((python["requires-python"], configuration))
    files = project.texts.items()
    read = (*CHECKED, *FORMATTED)
    return [(name, text, judge) for name, text in files if f"/{name}".endswith(read)]


def chosen(places: Places, endings: tuple[str, ...]) -> list[str]:
    """The places that end like this."""
    return [place for place in places.values() if place.endswith(endings)]


def findings(places: Places, said: dict[str, list[str]]) -> Findings:
    """Give what was said of a project's files, wherever they were looked at."""
    return lambda project: [
        line for source in sources(project) for line in said.get(places[source], [])
    ]


def said(verb: str, folder: Path, paths: list[str]) -> dict[str, list[str]]:
    """What ruff has against files in a folder, by path."""
    found: dict[str, list[str]] = defaultdict(list)
    options = ["--check"] if verb == "format" else []
    for one in json.loads(ruff(verb, "--output-format=json", folder, [*options, *paths])):
        path = Path(one["filename"]).relative_to(folder).as_posix()
        found[path].append(f"{path}:{one['location']['row']}: {one['code']} {one['message']}")
    return found


def ruff(verb: str, option: str, folder: Path, paths: list[str]) -> str:
    """What ruff says of files in a folder."""
    command = [sys.executable, "-m", "ruff", verb, option, "--no-cache", "--force-exclude", *paths]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode in {0, 1}, ran.stderr
    return ran.stdout
