"""A client generated from the OpenAPI document of a project compiles, and has good names."""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Render
from tests.matrix import HEADLINES, Combination

DATABASE_URLS = {
    "sqlite": "sqlite:///unused.db",
    "postgresql": "postgresql://unused",
    "mysql": "mysql://unused",
}
OPERATIONS = ("create_item", "delete_item", "get_item", "list_items", "replace_item", "update_item")


def run(folder: Path, *words: str, **settings: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.mark.parametrize("headline", HEADLINES, ids=lambda one: one.id)
def test_a_generated_client_compiles(
    headline: Combination, project_of: Render, tmp_path: Path
) -> None:
    root = project_of(headline).root
    url = DATABASE_URLS[headline["database"]]
    document = tmp_path / "openapi.json"
    settings = {"SECRET_KEY": "unused" * 8, "DATABASE_URL": url}
    document.write_text(run(root, "app", "openapi", **settings))
    said = run(
        tmp_path, "openapi_python_client", "generate", "--path", str(document), "--output-path", "c"
    )
    assert "warning" not in said.lower()
    assert compileall.compile_dir(tmp_path / "c", quiet=1)
    modules = {path.stem for path in tmp_path.rglob("api/items/*.py")}
    assert modules == {"__init__", *OPERATIONS}
