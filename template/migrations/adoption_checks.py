"""Whether tables that are there are as they were read, before anything is changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.convert import find_repeated

VERSION = "row_version"
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    " AND tbl_name = :table",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    " AND tgrelid = CAST(quote_ident(:table) AS regclass)",
    "mysql": "SELECT trigger_name FROM information_schema.triggers"
    " WHERE trigger_schema = database() AND event_object_table = :table",
}


@dataclass(frozen=True)
class Adopted:
    """A table as it was when its columns were read.

    Attributes:
        counted: The column of its key, if the database is to count its rows.
        keyed: Columns of texts that are unique in whatever case.
        unique: Columns that are unique, each list together.
        refers: Columns that refer to other tables.
    """

    name: str
    columns: Sequence[str]
    counted: str | None = None
    keyed: Sequence[str] = ()
    unique: Sequence[Sequence[str]] = ()
    refers: Sequence[str] = ()


def check(
    database: sa.Inspector, tables: Sequence[Adopted], new: Iterable[str]
) -> None:
    """Stop if something is not as it was read.

    Raises:
        RuntimeError: If it is not.
    """
    there = set(database.get_table_names())
    for one in tables:
        if one.name not in there:
            raise RuntimeError(
                f"There is no table {one.name}, which was read: read them again."
            )
        check_columns(database, one)
        check_constraints(database, one)
        check_rows(database, one)
    for name in sorted(there.intersection(new)):
        raise RuntimeError(
            f"There is a table {name} already, which the project needs for itself."
        )


def check_columns(database: sa.Inspector, one: Adopted) -> None:
    """Stop if a table has other columns, or another key."""
    there = {column["name"]: column for column in database.get_columns(one.name)}
    if VERSION in there:
        raise RuntimeError(
            f"{one.name} has {VERSION}: it was adopted before. If that was by this "
            "migration, `uv run alembic stamp 0001` says so."
        )
    for name in one.columns:
        if name not in there:
            raise RuntimeError(
                f"{one.name} has no column {name}, which was read: read it again."
            )
    if not database.get_pk_constraint(one.name)["constrained_columns"]:
        raise RuntimeError(f"{one.name} has no primary key: give it one first.")
    if one.counted and not (
        one.counted in there and is_counted(one.name, there[one.counted])
    ):
        raise RuntimeError(
            f"The database does not count {one.name}.{one.counted}: "
            "make it AUTO_INCREMENT, or INTEGER PRIMARY KEY, first."
        )


def check_constraints(database: sa.Inspector, one: Adopted) -> None:
    """Stop if a table no longer keeps what is unique, or what refers to others."""
    names = [key["constrained_columns"] for key in database.get_foreign_keys(one.name)]
    for name in one.refers:
        if [name] not in names:
            raise RuntimeError(
                f"{one.name}.{name} has no foreign key, which was read: read it again."
            )
    indexes = [key for key in database.get_indexes(one.name) if key["unique"]]
    unique: list[set[Any]] = [
        {*database.get_pk_constraint(one.name)["constrained_columns"]},
        *({*key["column_names"]} for key in database.get_unique_constraints(one.name)),
        *({*key["column_names"]} for key in indexes),
    ]
    for columns in one.unique:
        if {*columns} not in unique:
            raise RuntimeError(
                f"{', '.join(columns)} of {one.name} is not unique, as it was when it "
                "was read: read it again."
            )


def check_rows(database: sa.Inspector, one: Adopted) -> None:
    """Stop if rows cannot get what they need."""
    there = {column["name"] for column in database.get_columns(one.name)}
    for name in sorted({"created_at", "updated_at"} & there):
        empty = sa.select(sa.literal(1)).select_from(sa.table(one.name))
        if op.get_bind().scalar(empty.where(sa.column(name).is_(None)).limit(1)):
            raise RuntimeError(
                f"Rows of {one.name} have no {name}: give them one first."
            )
    for name in one.keyed:
        if repeated := find_repeated(one.name, [], [name]):
            raise RuntimeError(
                f"Rows of {one.name} have the same {name} in whatever case: {repeated}"
            )
    if one.keyed or not one.counted:
        require_calm(one.name)


def require_calm(name: str) -> None:
    """Stop if triggers would run where rows get an id, or a key of a text."""
    bind = op.get_bind()
    found = bind.scalar(sa.text(TRIGGERS[bind.dialect.name]), {"table": name})
    if found:
        raise RuntimeError(
            f"The trigger {found} of {name} would run for each row, which gets an "
            "id or a key: drop it, and make it again afterwards."
        )


def is_counted(name: str, column: Any) -> bool:
    """Whether rows get a key by themselves, or can be made to."""
    bind = op.get_bind()
    if bind.dialect.name == "mysql":
        return bool(column.get("autoincrement") is True)
    if bind.dialect.name == "sqlite":
        kind = sa.text("SELECT type FROM pragma_table_info(:table) WHERE name = :of")
        words = {"table": name, "of": column["name"]}
        return str(bind.scalar(kind, words)).upper() == "INTEGER"
    return True
