"""Rows of a SQLite file move into a server, all or none."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from tests.suites import servers
from tests.suites.conftest import required
from tests.update.conftest import Project
from tests.update.living import Living
from tests.update.test_resources_rows import EXECUTE

Move = Callable[[str], tuple[Living, Living]]


def module(living: Living, name: str, *arguments: str) -> tuple[int, str]:
    """Run a module of a project, and return its code and what it said."""
    script = (
        "import runpy, sys; name = sys.argv.pop(1); sys.argv[0] = name; "
        "runpy.run_module(name, run_name='__main__', alter_sys=True)"
    )
    done = living._run(script, name, *arguments)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(params=["postgresql", "mysql"])
def pair(request: pytest.FixtureRequest, fresh: Project, tmp_path: Path) -> Iterator[Move]:
    """Give a function that makes a project on SQLite, with rows, and the same on a server."""
    server = servers.find(request.param)
    if server is None:
        (pytest.fail if required() else pytest.skip)(f"{request.param} does not answer.")
    name = f"update_{uuid4().hex}"

    def make(resources: str) -> tuple[Living, Living]:
        file = Living(
            Path(shutil.copytree(fresh("sqlite", resources=resources), tmp_path / "file")),
            f"sqlite:///{tmp_path / 'rows.db'}",
        )
        target = Living(
            Path(shutil.copytree(fresh(request.param, resources=resources), tmp_path / "server")),
            make_url(server.url).set(database=name).render_as_string(hide_password=False),
        )
        file.alembic("upgrade head")
        assert module(file, "tools.seed")[0] == 0
        target.alembic("upgrade head")
        return file, target

    server.ask(f"CREATE DATABASE {name}")
    try:
        yield make
    finally:
        servers.drop(server, name)


def test_all_rows_arrive(pair: Move, tmp_path: Path) -> None:
    file, target = pair("types")
    code, said = module(target, "tools.import_sqlite", str(tmp_path / "rows.db"))
    assert code == 0, said
    dump = (
        "import asyncio; from tools.import_sqlite import *\n"
        "async def show():\n"
        "    settings = load_settings()\n"
        "    url = settings.database_url.get_secret_value()\n"
        "    async with open_engine(url, settings.database) as engine, engine.connect() as one:\n"
        "        for table in Base.metadata.sorted_tables:\n"
        "            rows = await one.execute(sa.select(table).order_by(*table.primary_key))\n"
        "            for row in rows.mappings():\n"
        "                print(table.name, {k: in_utc(v) for k, v in row.items()})\n"
        "asyncio.run(show())"
    )
    (file.root / "tools/import_sqlite.py").write_text(
        (target.root / "tools/import_sqlite.py").read_text()
    )
    shown = [one._run(dump).stdout for one in (file, target)]
    assert shown[0] == shown[1]
    assert shown[0].count("\n") > 5


def test_ids_are_counted_from_where_the_file_was(pair: Move, tmp_path: Path) -> None:
    file, target = pair("counted")
    last = "SELECT max(id) FROM items"
    before = file.look(last)
    copy = "owner_id, 'New', 'new', price, row_version, created_at, updated_at FROM items"
    columns = "(owner_id, name, name_key, price, row_version, created_at, updated_at)"
    add = f"INSERT INTO items {columns} SELECT {copy} WHERE id = 1"
    file.run(EXECUTE, add, "DELETE FROM items WHERE name = 'New'")
    assert file.look(last) == before
    assert module(target, "tools.import_sqlite", str(tmp_path / "rows.db"))[0] == 0
    assert target.look(last) == before
    target.run(EXECUTE, add)
    # MySQL counts from the last row that is there.
    passed = 2 if target.url.startswith("postgresql") else 1
    assert target.look(last) == [str(int(before[0]) + passed)]


def test_rows_that_are_there_are_left_alone(pair: Move, tmp_path: Path) -> None:
    _, target = pair("default")
    path = str(tmp_path / "rows.db")
    assert module(target, "tools.import_sqlite", path)[0] == 0
    before = target.look("SELECT count(*) FROM items")
    code, said = module(target, "tools.import_sqlite", path)
    assert (code, said) == (1, "The database must be empty: users has rows.\n")
    assert target.look("SELECT count(*) FROM items") == before


def test_another_schema_is_refused(pair: Move, tmp_path: Path) -> None:
    file, target = pair("default")
    file.alembic("downgrade base")
    code, said = module(target, "tools.import_sqlite", str(tmp_path / "rows.db"))
    assert code == 1
    assert said.startswith("Migrate both first: the file is at None, ")
    assert module(target, "tools.import_sqlite", "nowhere.db") == (1, "There is no nowhere.db.\n")
