"""What old constraints refuse, what is broken off, and what comes later, in adopted tables."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from importer.__main__ import main
from tests.importing.conftest import Fill, execute
from tests.importing.projects import migrate, rows, run
from tests.support.questions import choices
from tests.support.render import render
from tests.update.living import CHANGE, WRITE, Living, take_over
from tests.update.updating import content

KEY = {"sqlite": "INTEGER", "postgresql": "SERIAL", "mysql": "INT AUTO_INCREMENT"}
BYTES = {"sqlite": "BLOB", "postgresql": "BYTEA", "mysql": "BLOB"}
OLD = """
CREATE TABLE "Sites" (
  "SiteId" {key} PRIMARY KEY, "Name" VARCHAR(40) NOT NULL, CONSTRAINT "U Name" UNIQUE ("Name"));
CREATE TABLE "Old Parts" (
  "PartId" {key} PRIMARY KEY, "Code" VARCHAR(20) NOT NULL, "Number" INT NOT NULL,
  "Site" INT NOT NULL, "Hall" INT NOT NULL, "Place No" INT NOT NULL, "Weight" INT NOT NULL,
  CONSTRAINT "U Code" UNIQUE ("Code"), CONSTRAINT "U Number" UNIQUE ("Number"),
  CONSTRAINT "U Place" UNIQUE ("Hall", "Place No"),
  CONSTRAINT "No 13" CHECK ("Weight" <> 13),
  CONSTRAINT "F Site" FOREIGN KEY ("Site") REFERENCES "Sites" ("SiteId"));
CREATE TABLE "Steps" (
  "Part" INT NOT NULL, "StepNo" INT NOT NULL, "Text" VARCHAR(20), PRIMARY KEY ("Part", "StepNo"),
  CONSTRAINT "F Part" FOREIGN KEY ("Part") REFERENCES "Old Parts" ("PartId") ON DELETE CASCADE);
CREATE TABLE "Scans" ("ScanId" {key} PRIMARY KEY, "Name" VARCHAR(20), "Data" {bytes} NOT NULL);
INSERT INTO "Sites" VALUES (1, 'North'), (2, 'South');
INSERT INTO "Old Parts" VALUES (1, 'Aé', 5, 1, 1, 1, 7), (2, 'b', 6, 1, 1, 2, 8);
INSERT INTO "Steps" VALUES (1, 1, 'one'), (1, 2, 'two'), (2, 1, NULL);
"""
COLUMNS = {
    "Sites": ["SiteId", "Name"],
    "Old Parts": ["PartId", "Code", "Number", "Site", "Hall", "Place No", "Weight"],
    "Steps": ["Part", "StepNo", "Text"],
}
ASK = """
import asyncio, json, logging, sys
import httpx2
from app.main import app

async def ask():
    found = []
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
            for method, path, body in json.loads(sys.argv[1]):
                answer = await client.request(method, path, json=body)
                shown = answer.json() if answer.content else {}
                found.append([answer.status_code, sorted(shown.get("field_errors") or {})])
    print(json.dumps(found))

logging.disable(logging.CRITICAL)
asyncio.run(ask())
"""
PART = {"code": "c", "number": 7, "site_id": 1, "hall": 2, "place_no": 1, "weight": 1}
STEP = {"part_id": 1, "step_no": 3, "text": "three"}
REFUSED: list[tuple[str, str, object, int, list[str]]] = [
    ("POST", "/sites", {"name": "North"}, 409, ["name"]),
    ("POST", "/sites", {"name": "nORTH"}, 409, ["name"]),
    ("POST", "/old-parts", PART, 201, []),
    ("POST", "/old-parts", PART | {"number": 8, "hall": 3}, 409, ["code"]),
    ("POST", "/old-parts", PART | {"code": "d", "hall": 3}, 409, ["number"]),
    ("POST", "/old-parts", PART | {"code": "d", "number": 8}, 409, ["hall", "place_no"]),
    ("POST", "/old-parts", PART | {"code": "d", "site_id": 9}, 409, ["site_id"]),
    ("PATCH", "/old-parts/1", {"weight": 13}, 409, []),
    ("PATCH", "/old-parts/1", {"weight": None}, 422, ["weight"]),
    ("PATCH", "/old-parts/1", {"code": "B"}, 409, ["code"]),
    ("PATCH", "/old-parts/1", {"number": 6}, 409, ["number"]),
    ("POST", "/steps", STEP, 201, []),
    ("POST", "/steps", STEP, 409, ["part_id", "step_no"]),
    ("POST", "/scans", {"name": "one"}, 409, []),
    ("DELETE", "/sites/1", None, 409, []),
    ("DELETE", "/sites/2", None, 204, []),
    ("DELETE", "/old-parts/1", None, 204, []),
]


def old(database: str) -> str:
    """Return the statements that make the old database, and its rows."""
    text = OLD.format(key=KEY[database], bytes=BYTES[database])
    if database == "postgresql":
        serials = (
            f"SELECT setval('\"{one}_seq\"', 2);\n" for one in ("Sites_SiteId", "Old Parts_PartId")
        )
        text += "".join(serials)
    return text.replace('"', "`") if database == "mysql" else text


def adopt(url: str, database: str, folder: Path) -> Living:
    """Return a project that keeps its rows in the tables of a database."""
    file = folder / "resources.yml"
    assert main([url, "--adopt", "--to", str(file)]) == 0
    resources = yaml.safe_load(file.read_text())["resources"]
    answers = {"database": database, "auth": "none", "resources": resources}
    return Living(render({"project_name": "Parts", **answers}, folder / "project"), url)


each_database = pytest.mark.parametrize("database", choices("database"))


@each_database
def test_what_an_old_constraint_refuses_is_told_by_the_names_of_fields(
    database: str, fill: Fill, tmp_path: Path
) -> None:
    url = fill(database, old(database))
    living = adopt(url, database, tmp_path)
    before = rows(url, COLUMNS)
    living.alembic("upgrade head")
    assert rows(url, COLUMNS) == before
    asked = run(living.root, url, "-c", ASK, json.dumps([one[:3] for one in REFUSED]))
    assert asked.returncode == 0, asked.stderr
    found = json.loads(asked.stdout.splitlines()[-1])
    assert found == [[status, fields] for *_, status, fields in REFUSED]


@each_database
def test_a_migration_that_is_broken_off_can_begin_again(
    database: str, fill: Fill, tmp_path: Path
) -> None:
    url = fill(database, old(database))
    living = adopt(url, database, tmp_path)
    before = rows(url, COLUMNS)
    mark = "`" if database == "mysql" else '"'
    table = f"{mark}Steps{mark}"
    clash = f"CREATE INDEX ix_steps_created_at ON {table} ({mark}Text{mark});\n"
    asyncio.run(execute(url, clash))
    for _ in "ab":
        broken = migrate(living.root, url)
        assert broken.returncode != 0
        assert "ix_steps_created_at" in broken.stderr
        assert rows(url, COLUMNS) == before
    end = f" ON {table}" if database == "mysql" else ""
    asyncio.run(execute(url, f"DROP INDEX ix_steps_created_at{end};\n"))
    for _ in "ab":
        again = migrate(living.root, url)
        assert again.returncode == 0, again.stderr
    assert rows(url, COLUMNS) == before
    there = {one for one in living.look(LISTED[database]) if not one.startswith("sqlite_")}
    assert there == {*COLUMNS, "Scans", "alembic_version", "idempotency_keys"}


TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = "
LISTED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": f"{TABLES}current_schema()",
    "mysql": f"{TABLES}database()",
}


@each_database
def test_what_changes_later_keeps_the_rows(database: str, fill: Fill, tmp_path: Path) -> None:
    url = fill(database, old(database))
    adopted = adopt(url, database, tmp_path)
    adopted.alembic("upgrade head")
    before = rows(url, COLUMNS)
    refused = adopted.try_alembic(WRITE)
    assert refused.returncode != 0
    assert "was there before the project, and has types of its own" in refused.stderr

    own = fill(database, "") if database != "sqlite" else f"sqlite:///{tmp_path / 'own.db'}"
    living = Living(adopted.root, own)
    living.alembic("upgrade head", "check")
    grow(living)
    living.alembic(*CHANGE)
    adopted.alembic("upgrade head")
    assert rows(url, COLUMNS) == before
    added = rows(url, {"Old Parts": ["PartId", "colour", "Batch No", "key", "note_key"]})
    assert added == {"Old Parts": ["(1, 'red', 3, 0, None)", "(2, 'red', 3, 0, None)"]}
    asked = [("POST", "/old-parts", PART | {"code": "c" * 30, "weight": None, "note": "N"})]
    asked += [("POST", "/old-parts", asked[0][2] | {"code": "d", "hall": 4})]
    asked += [("DELETE", "/sites/1", None)]  # type: ignore[list-item]
    done = run(living.root, url, "-c", ASK, json.dumps(asked))
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == [[201, []], [409, ["note"]], [204, []]]
    assert rows(url, COLUMNS)["Old Parts"] == []


def grow(living: Living) -> None:
    """Add fields to a resource whose table is older, and change others."""
    answers = yaml.safe_load((living.root / ".copier-answers.yml").read_text())
    part: dict[str, Any] = next(one for one in answers["resources"] if one["name"] == "old_part")
    fields = part["fields"]
    fields["code"] = fields["code"].replace("str(20)", "str(30)")
    fields["weight"] = fields["weight"].replace("int", "int optional")
    fields["site"] = fields["site"].replace("ref(site)", "ref(site) on_delete=cascade")
    fields["number"] = fields["number"].replace(" unique", "")
    fields |= {
        "colour": "str(20) = red",
        "batch": {"type": "int", "default": 3, "column": "Batch No"},
        "kind": "int column=key = 0",
        "note": "str(20) optional unique",
    }
    del part["constraints"]["U Number"]
    known = {name: one for name, one in answers.items() if not name.startswith("_")}
    folder = living.root.with_name("grown")
    take_over(content(render(known, folder)), living.root)
