"""Tools that run once over all rendered projects; each test picks what concerns its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.support.project import Project

Findings = dict[str, list[str]]


@pytest.fixture(scope="session")
def lint(projects: list[Project], workplace: Path) -> Findings:
    """What `ruff check` says, by combination; ruff takes each project's own configuration."""
    output = _ruff("check", "--output-format=json", workplace, projects)
    found: Findings = defaultdict(list)
    for finding in json.loads(output or "[]"):
        path = Path(finding["filename"]).relative_to(workplace)
        where = f"{path}:{finding['location']['row']}"
        found[path.parts[0]].append(f"{where}: {finding['code']} {finding['message']}")
    return found


@pytest.fixture(scope="session")
def unformatted(projects: list[Project], workplace: Path) -> Findings:
    """The files that `ruff format` would change, by combination."""
    found: Findings = defaultdict(list)
    for line in _ruff("format", "--check", workplace, projects).splitlines():
        if line.startswith("Would reformat: "):
            path = Path(line.removeprefix("Would reformat: "))
            path = path.relative_to(workplace) if path.is_absolute() else path
            found[path.parts[0]].append(str(path))
    return found


def _ruff(verb: str, option: str, folder: Path, projects: list[Project]) -> str:
    roots = [project.root.name for project in projects]
    command = [sys.executable, "-m", "ruff", verb, option, "--no-cache", *roots]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode in {0, 1}, ran.stderr
    return ran.stdout
