"""Whatever a database holds is said, or named as what cannot be said."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from importer.__main__ import main
from importer.language import ROOT, refusals
from tests.importing.conftest import HERE, Fill

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mysql"])
def test_awkward_tables_become_what_the_template_takes(
    database: str, fill: Fill, capsys: Captured
) -> None:
    sql = (HERE / f"awkward-{database}.sql").read_text()
    assert main([fill(database, sql)]) == 0
    written = capsys.readouterr()
    assert written.out == (HERE / f"awkward-{database}.yml").read_text()
    assert written.err == (HERE / f"awkward-{database}.txt").read_text()
    assert refusals(yaml.safe_load(written.out)["resources"]) == []


UNREADABLE = {
    "no-such-file": "There is no file no-such-file.",
    "sqlite://": "The URL names no file: write sqlite:///shop.db.",
    "oracle://shop": "oracle cannot be read: PostgreSQL, MySQL, MariaDB and SQLite can.",
    "://": "This is no URL of a database: write postgresql://user:password@host:5432/name, mysql",
    "mysql://root@127.0.0.1": "The URL names no database: end it with a slash and the name.",
    "postgresql://me:secret@127.0.0.1:1/shop": (
        "postgresql://me:***@127.0.0.1:1/shop cannot be read: "
    ),
    "mariadb://me:secret@127.0.0.1:1/shop?charset=utf8mb4": (
        "mariadb://me:***@127.0.0.1:1/shop cannot be read: "
    ),
    "postgres://shop.invalid/shop?sslmode=prefer": "postgres://shop.invalid/shop cannot be read: ",
    "postgresql://a..b/shop": "postgresql://a..b/shop cannot be read: ",
    "mysql://host:port/shop": "This is no URL of a database: ",
    __file__: f"{__file__} cannot be read: file is not a database.",
}


@pytest.mark.parametrize("url", UNREADABLE)
def test_what_cannot_be_read_is_told_in_a_sentence(url: str, capsys: Captured) -> None:
    assert main([url]) == 1
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith(UNREADABLE[url])
    assert written.err.count("\n") == 1
    assert "secret" not in written.err


def test_a_database_without_tables_is_told(fill: Fill, capsys: Captured) -> None:
    assert main([fill("sqlite", "CREATE VIEW one AS SELECT 1 AS one")]) == 1
    assert capsys.readouterr().err == "There is no table that could be a resource.\n"


def test_reading_changes_nothing(fill: Fill, tmp_path: Path) -> None:
    url = fill("sqlite", (HERE / "chinook.sql").read_text())
    before = (tmp_path / "there.db").read_bytes()
    assert main([url, "--to", str(tmp_path / "resources.yml")]) == 0
    assert (tmp_path / "there.db").read_bytes() == before
    assert not list(tmp_path.glob("there.db-*"))


def test_a_file_may_have_any_name(fill: Fill, tmp_path: Path) -> None:
    fill("sqlite", "CREATE TABLE part (id INTEGER PRIMARY KEY, name TEXT)")
    file = (tmp_path / "there.db").rename(tmp_path / "a b?c#d 100%.db")
    assert main([str(file)]) == 0


def test_no_file_is_overwritten(fill: Fill, tmp_path: Path, capsys: Captured) -> None:
    url = fill("sqlite", "CREATE TABLE part (id INTEGER PRIMARY KEY, name TEXT)")
    file = tmp_path / "resources.yml"
    file.write_text("mine")
    assert main([url, "--to", str(file)]) == 1
    assert file.read_text() == "mine"
    assert main([url, "--to", str(tmp_path / "nowhere" / "resources.yml")]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"There is a file {file} already: name a new one.",
        f"{tmp_path / 'nowhere' / 'resources.yml'} cannot be written: No such file or directory.",
    ]


def test_the_package_holds_every_module() -> None:
    folder = ROOT / "importer"
    packaged = (folder / "pyproject.toml").read_text()
    assert [one.name for one in folder.glob("*.py") if f'"{one.name}" =' not in packaged] == []
