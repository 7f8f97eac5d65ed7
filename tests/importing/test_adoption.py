"""Tables of a database that is there become those of a project, with all their rows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from importer.__main__ import main
from tests.importing.conftest import HERE, Fill
from tests.importing.projects import migrate, rows, run
from tests.suites import servers
from tests.support.render import render

TESTS = ("tests/api", "tests/test_contract.py", "tests/test_migrations.py", "tests/test_seed.py")
"""What depends on the resources; the rest is the same in all projects."""

SCHEMAS = {
    "chinook": ("sqlite", ("genres", {"name": "Blues"})),
    "northwind": ("postgresql", ("regions", {"region_description": "Northern"})),
    "sakila": ("mysql", ("categories", {"name": "Comedy", "last_update": "2026-01-31T12:00:00Z"})),
}
ASK = """
import asyncio, json, logging, sys
import httpx2
from app.main import app

async def ask():
    path, body = json.loads(sys.argv[1])
    found = {}
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            paths = (await client.get("/openapi.json")).json()["paths"]
            for one in paths:
                if one.startswith("/api/v1/") and "{" not in one:
                    rows = (await client.get(one)).json()["items"]
                    for row in rows:
                        changed = await client.patch(f"{one}/{row['id']}", json={})
                        assert changed.status_code == 200, changed.text
                    found[one.removeprefix("/api/v1/")] = rows
            made = await client.post(f"/api/v1/{path}", json=body)
            found["made"] = made.json()
    print(json.dumps(found))

logging.disable(logging.CRITICAL)
asyncio.run(ask())
"""


def columns_of(resources: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return what was read of each table: its fields, and a key that it had."""
    found = {}
    for one in resources:
        keys = [one["id_column"]] if "id_column" in one and "id" in one else []
        long = [
            field if isinstance(field, dict) else {"column": field.partition("column=")[2]}
            for field in one["fields"].values()
        ]
        names = [
            (each["column"] or (f"{name}_id" if "ref(" in str(field) else name)).split(" ")[0]
            for (name, field), each in zip(one["fields"].items(), long, strict=True)
        ]
        found[one["table"]] = keys + names
    return found


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_rows_of_a_schema_are_served_from_its_own_tables(
    name: str, fill: Fill, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database, (path, body) = SCHEMAS[name]
    url = fill(database, (HERE / f"{name}.sql").read_text())
    file = tmp_path / "resources.yml"
    assert main([url, "--adopt", "--to", str(file)]) == 0
    assert "Mend by hand" not in capsys.readouterr().err
    resources = yaml.safe_load(file.read_text())["resources"]
    answers = {"database": database, "auth": "none", "resources": resources}
    root = render({"project_name": "Shop API", **answers}, tmp_path / "project")

    columns = columns_of(resources)
    before = rows(url, columns)
    migrated = migrate(root, url)
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    assert rows(url, columns) == before

    asked = run(root, url, "-c", ASK, json.dumps([path, body]))
    assert asked.returncode == 0, asked.stderr
    found = json.loads(asked.stdout.splitlines()[-1])
    assert found.pop("made")["id"] == 3
    assert sorted(map(len, found.values())) == sorted(map(len, before.values()))

    undone = migrate(root, url, "downgrade base")
    assert undone.returncode != 0
    assert "Nothing is undone: " in undone.stdout + undone.stderr

    server = servers.find(database)
    tests = server.url if server else "sqlite://"
    options = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:copie"]
    ran = run(root, tests, *options, *TESTS)
    assert ran.returncode == 0, ran.stdout[-3000:]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that adopts one table."""
    fields = {"code": "str(20) unique column=Code", "name": "str(40) optional column=Name"}
    part = {"name": "part", "table": "Part", "id": "integer", "id_column": "PartId"}
    answers = {"auth": "none", "resources": [part | {"owned": False, "fields": fields}]}
    return render({"project_name": "Parts", **answers}, tmp_path_factory.mktemp("part") / "it")


PART = 'CREATE TABLE "Part" ("PartId" INTEGER PRIMARY KEY, "Code" TEXT NOT NULL, "Name" TEXT);\n'
ROWS = "INSERT INTO \"Part\" VALUES (1, 'Aé', NULL), (2, 'b', 'x');\n"
OTHERS = {
    PART.replace('"Name"', '"Title"'): "Part has no column Name, which was read: read it again.",
    PART.replace("INTEGER", "INT") + ROWS: "The database does not count Part.PartId: make it ",
    PART + ROWS.replace("'b'", "'aÉ'"): (
        "Rows of Part have the same Code in whatever case: 1 of them, as 'aé'."
    ),
    PART + ROWS + "CREATE TABLE idempotency_keys (x);\n": (
        "There is a table idempotency_keys already, which the project needs for itself."
    ),
    PART + ROWS + 'ALTER TABLE "Part" ADD created_at DATETIME;\n': (
        "Rows of Part have no created_at: give them one first."
    ),
    PART + ROWS + 'ALTER TABLE "Part" ADD row_version INT;\n': (
        "Part has row_version: it was adopted before."
    ),
    PART + ROWS + 'CREATE TRIGGER see AFTER UPDATE ON "Part" BEGIN SELECT 1; END;\n': (
        "The trigger see of Part would run for each row, which gets an id or a key: "
    ),
}


@pytest.mark.parametrize("sql", OTHERS)
def test_a_database_that_differs_stops_before_anything_changes(
    sql: str, project: Path, fill: Fill, tmp_path: Path
) -> None:
    url = fill("sqlite", sql)
    dump = [
        sys.executable,
        "-c",
        "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).iterdump())",
    ]
    before = subprocess.run([*dump, str(tmp_path / "there.db")], capture_output=True, check=True)
    done = migrate(project, url)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(OTHERS[sql])
    after = subprocess.run([*dump, str(tmp_path / "there.db")], capture_output=True, check=True)
    assert after.stdout == before.stdout


def test_texts_get_the_keys_by_which_they_are_compared(project: Path, fill: Fill) -> None:
    url = fill("sqlite", PART + ROWS)
    assert migrate(project, url).returncode == 0
    found = rows(url, {"Part": ["PartId", "Code", "code_key", "row_version"]})
    assert found == {"Part": ["(1, 'Aé', 'aé', 1)", "(2, 'b', 'b', 1)"]}
