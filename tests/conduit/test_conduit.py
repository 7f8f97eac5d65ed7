"""What docs/conduit.md shows becomes Conduit, in as few lines as it says."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.conduit.walk import Walk
from tests.faults.serving import Api, migrate, serve
from tests.growing.page import blocks, follow
from tests.support.questions import ROOT
from tests.support.render import render

PAGE = list(blocks((ROOT / "docs/conduit.md").read_text()))
MOST_LINES = 250


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the page's list, with the page's code in it."""
    (listed,) = (block.text for block in PAGE if block.language == "yaml")
    root = render(yaml.safe_load(listed), tmp_path_factory.mktemp("conduit") / "conduit")
    for block in PAGE:
        if block.language in ("python", "diff"):
            follow(block, root)
    return root


@pytest.fixture(scope="module")
def api(project: Path) -> Iterator[Api]:
    url = f"sqlite:///{project / 'rows.db'}"
    migrate(project, url)
    with serve(project, url, ENVIRONMENT="development") as served:
        yield served


def test_it_does_what_the_collection_asks(api: Api) -> None:
    walk = Walk(api.client, "ada", "night-train-to-oslo")
    walk.nothing_yet()
    walk.accounts()
    walk.articles()
    walk.favorites()
    walk.comments()
    walk.profiles()
    walk.tags()


@pytest.mark.parametrize("command", ["ruff check .", "ruff format --check .", "mypy app"])
def test_it_is_as_clean_as_the_rest(
    command: str, project: Path, types: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYPY_CACHE_DIR", str(types))
    words = [sys.executable, "-m", *command.split()]
    ran = subprocess.run(words, cwd=project, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_it_has_few_lines_of_code() -> None:
    written = [code(block.text) for block in PAGE if block.language == "python"]
    added = [
        line[1:]
        for block in PAGE
        if block.language == "diff"
        for line in block.text.splitlines()
        if line.startswith("+") and not line.startswith(("+from", "+import"))
    ]
    lines = [line.strip() for line in [*added, *(line for text in written for line in text)]]
    assert len([line for line in lines if line and not line.startswith(('"""', "#"))]) <= MOST_LINES


def code(text: str) -> list[str]:
    """Return the lines of a module that are no imports."""
    imports = [
        one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.Import | ast.ImportFrom)
    ]
    numbers = {n for one in imports for n in range(one.lineno, (one.end_lineno or 0) + 1)}
    return [line for n, line in enumerate(text.splitlines(), 1) if n not in numbers]
