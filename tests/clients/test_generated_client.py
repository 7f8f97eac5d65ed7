"""A client generated from the OpenAPI document of a project compiles, and has good names."""

from __future__ import annotations

import compileall
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Render
from tests.matrix import headline
from tests.support.questions import choices

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


def openapi(root: Path) -> str:
    """The document of a project."""
    (url,) = [
        url for database, url in DATABASE_URLS.items() if (root / f"app/db/{database}.py").exists()
    ]
    return run(root, "app", "openapi", SECRET_KEY="unused" * 8, DATABASE_URL=url)


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_the_document_is_the_same_on_every_database(database: str, project_of: Render) -> None:
    named = (headline(database=one, auth="jwt") for one in (database, "sqlite"))
    found, usual = (json.loads(openapi(project_of(one).root)) for one in named)
    assert found | {"info": usual["info"]} == usual


def test_a_generated_client_keeps_what_an_object_holds(project_of: Render, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(openapi(project_of(headline("types")).root))
    words = ("generate", "--path", str(document), "--output-path", "c", "--meta", "none")
    run(tmp_path, "openapi_python_client", *words)
    code = (
        "from c.models import ExaminationCreateProperties as Made;"
        "print(Made.from_dict({'a': [{'b': None}]}).to_dict())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.stderr) == ("{'a': [{'b': None}]}\n", "")


@pytest.mark.parametrize("auth", choices("auth"))
def test_a_generated_client_compiles(auth: str, project_of: Render, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(openapi(project_of(headline(database="sqlite", auth=auth)).root))
    said = run(
        tmp_path, "openapi_python_client", "generate", "--path", str(document), "--output-path", "c"
    )
    assert "warning" not in said.lower()
    assert compileall.compile_dir(tmp_path / "c", quiet=1)
    modules = {path.stem for path in tmp_path.rglob("api/items/*.py")}
    assert modules == {"__init__", *OPERATIONS}
