"""What a database holds, by SQLAlchemy's reflection; nothing is ever written there."""

from __future__ import annotations

import asyncio
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SAWarning, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.types import TypeEngine

from importer.notes import Notes

DRIVERS = {
    "mariadb": "mysql+asyncmy",
    "mysql": "mysql+asyncmy",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
}
OF_TOOLS = {"alembic_version", "django_migrations", "flyway_schema_history", "schema_migrations"}
"""Tables in which tools for migrations keep what they have done."""

TRIGGERS = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    ),
    "mysql": (
        "SELECT trigger_name, event_object_table FROM information_schema.triggers "
        "WHERE trigger_schema = database()"
    ),
}
PARTITIONS = (
    "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
    "WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace"
)


CHECKS = (
    "SELECT check_clause FROM information_schema.check_constraints "
    "WHERE constraint_schema = database() AND table_name = :name ORDER BY constraint_name"
)


REFUSED = (OSError, ValueError)
"""What Python raises for hosts that do not answer, and those that cannot be."""


class ReadError(Exception):
    """A database cannot be read; the text is a sentence that says why."""


@dataclass(frozen=True)
class Column:
    """A column as the database describes it.

    Attributes:
        words: What clients may not do with it, such as `read_only`.
    """

    name: str
    type: TypeEngine[Any]
    nullable: bool
    default: str | None
    computed: bool
    comment: str | None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForeignKey:
    """What columns refer to."""

    columns: tuple[str, ...]
    table: str
    on_delete: str | None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table as the database describes it.

    Attributes:
        uniques: Columns that are unique, each list by itself or together.
        called: Names of what is unique, and of what refers, with their columns.
    """

    name: str
    comment: str | None
    columns: dict[str, Column]
    primary: tuple[str, ...]
    foreign: list[ForeignKey]
    uniques: list[tuple[str, ...]]
    indexes: list[tuple[str, ...]]
    checks: list[str]
    called: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)


@dataclass(frozen=True)
class Database:
    """All tables, and what is none."""

    dialect: str
    tables: list[Table]
    notes: Notes


def address(given: str) -> sa.URL:
    """Return the URL with the driver that is there; a file by itself is one of SQLite.

    Raises:
        ReadError: If it is no URL, of another database, or there is no such file.
    """
    if "://" not in given:
        return _file(given)
    try:
        url = sa.make_url(given)
    except (ArgumentError, ValueError) as error:
        raise ReadError(
            "This is no URL of a database: write postgresql://user:password@host:5432/name, "
            "mysql://..., or the name of a SQLite file."
        ) from error
    backend = url.drivername.split("+")[0]
    if backend not in DRIVERS:
        raise ReadError(f"{backend} cannot be read: PostgreSQL, MySQL, MariaDB and SQLite can.")
    if backend == "sqlite":
        return _file(url.database or "")
    if not url.database:
        raise ReadError("The URL names no database: end it with a slash and the name.")
    mode = url.query.get("sslmode")
    return url.set(drivername=DRIVERS[backend], query={"ssl": mode} if mode else {})


def _file(name: str) -> sa.URL:
    if not name:
        raise ReadError("The URL names no file: write sqlite:///shop.db.")
    file = Path(name)
    if not file.is_file():
        raise ReadError(f"There is no file {file}.")
    path = quote(str(file.resolve()))
    query = {"mode": "ro", "uri": "true"}
    return sa.URL.create(DRIVERS["sqlite"], database=f"file:{path}", query=query)


def read(given: str) -> Database:
    """Describe the database of a URL.

    Raises:
        ReadError: If it cannot be reached or read.
    """
    url = address(given)
    try:
        return asyncio.run(_read(url))
    except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, *REFUSED) as error:
        cause = getattr(error, "orig", None) or error
        reason = str(cause.args[-1] if cause.args else cause).split("\n")[0].strip(" .")
        is_file = url.get_backend_name() == "sqlite"
        written = url.set(drivername=given.split(":")[0], query={}).render_as_string()
        shown = given if is_file else written
        raise ReadError(f"{shown} cannot be read: {reason or type(cause).__name__}.") from error


async def _read(url: sa.URL) -> Database:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(describe)
    finally:
        await engine.dispose()


def describe(connection: sa.Connection) -> Database:
    """Read the tables in the order of their names, and note what else there is."""
    inspector = sa.inspect(connection)
    dialect = "mysql" if connection.dialect.name == "mariadb" else connection.dialect.name
    notes = Notes()
    views, parts = inspector.get_view_names(), set[str]()
    if dialect == "postgresql":
        views += inspector.get_materialized_view_names()
        parts = set(connection.scalars(sa.text(PARTITIONS)))
    for view in views:
        notes.add(view, "is a view, and left out")
    for part in sorted(parts):
        notes.add(part, "is a part of another table, and left out")
    for name, table in connection.execute(sa.text(TRIGGERS[dialect])):
        notes.add(table, f"has the trigger {name}, which a project does not know")
    names = sorted({*inspector.get_table_names()} - OF_TOOLS - parts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        tables = [_table(connection, name, notes) for name in names]
    return Database(dialect, tables, notes)


def _table(connection: sa.Connection, name: str, notes: Notes) -> Table:
    inspector = sa.inspect(connection)
    primary = tuple(inspector.get_pk_constraint(name)["constrained_columns"])
    uniques = inspector.get_unique_constraints(name)
    table = Table(
        name=name,
        comment=_comment(inspector, name),
        columns={one["name"]: _column(one, primary) for one in inspector.get_columns(name)},
        primary=primary,
        foreign=_foreign(inspector, connection, name),
        uniques=[tuple(one["column_names"]) for one in uniques],
        indexes=[],
        checks=_checks(connection, name),
        called=[("unique", str(one["name"]), tuple(one["column_names"])) for one in uniques]
        + [
            ("reference", str(one["name"]), tuple(one["constrained_columns"]))
            for one in inspector.get_foreign_keys(name)
        ],
    )
    for index in inspector.get_indexes(name):
        found = tuple(one for one in index["column_names"] if one is not None)
        options = index.get("dialect_options", {})
        is_partial = any(key.endswith(("_where", "_prefix", "_length")) for key in options)
        if "expressions" in index or is_partial or len(found) < len(index["column_names"]):
            kind = "unique index" if index["unique"] else "index"
            notes.add(name, f"has the {kind} {index['name']}, which is left out")
        elif not index["unique"]:
            table.indexes.append(found)
        elif found not in table.uniques and found != table.primary:
            table.uniques.append(found)
            table.called.append(("unique", str(index["name"]), found))
    return table


def _foreign(inspector: sa.Inspector, connection: sa.Connection, name: str) -> list[ForeignKey]:
    rules = dict[str, str]()
    if connection.dialect.name == "sqlite":
        # SQLAlchemy takes them from the statement, and only where they end it.
        pragma = sa.text("SELECT [from], on_delete FROM pragma_foreign_key_list(:name)")
        rules = dict(connection.execute(pragma, {"name": name}).all())
    return [
        ForeignKey(
            tuple(one["constrained_columns"]),
            one["referred_table"],
            rules.get(one["constrained_columns"][0]) or one["options"].get("ondelete"),
            tuple(one["referred_columns"]),
        )
        for one in inspector.get_foreign_keys(name)
    ]


def _checks(connection: sa.Connection, name: str) -> list[str]:
    if getattr(connection.dialect, "is_mariadb", False):
        # SQLAlchemy leaves out those that stand at a column, such as of JSON.
        return list(connection.scalars(sa.text(CHECKS), {"name": name}))
    return [one["sqltext"] for one in sa.inspect(connection).get_check_constraints(name)]


def _column(found: Any, primary: tuple[str, ...]) -> Column:
    return Column(
        found["name"],
        found["type"],
        bool(found["nullable"]) and found["name"] not in primary,
        found["default"],
        found.get("computed") is not None,
        found.get("comment"),
    )


def _comment(inspector: sa.Inspector, name: str) -> str | None:
    try:
        return inspector.get_table_comment(name)["text"]
    except NotImplementedError:
        return None
