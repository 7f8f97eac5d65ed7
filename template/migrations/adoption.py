"""Takes tables that are there into use: adds what they lack, and nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from uuid_utils.compat import uuid7

from migrations.convert import find_repeated, fold, keys

VERSION = "row_version"
NOW = {"postgresql": "now()", "mysql": "(utc_timestamp(6))"}
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
        unique: Columns of texts that are unique in whatever case.
    """

    name: str
    columns: Sequence[str]
    counted: str | None = None
    unique: Sequence[str] = ()


class Adoption:
    """Tables that are there, all of them or none: then they are made like others.

    Raises:
        RuntimeError: If the database is not as it was read; nothing is changed then.
    """

    def __init__(self, tables: Sequence[Adopted], new: Iterable[str]) -> None:
        self._database = sa.inspect(op.get_bind())
        there = set(self._database.get_table_names())
        self._is_there = not there.isdisjoint(one.name for one in tables)
        if not self._is_there:
            return
        for one in tables:
            if one.name not in there:
                raise RuntimeError(
                    f"There is no table {one.name}, which was read: read them again."
                )
            self._check_columns(one)
            self._check_rows(one)
        for name in sorted(there.intersection(new)):
            raise RuntimeError(
                f"There is a table {name} already, which the project needs for itself."
            )

    def _check_columns(self, one: Adopted) -> None:
        columns = self._database.get_columns(one.name)
        there = {column["name"]: column for column in columns}
        if VERSION in there:
            raise RuntimeError(f"{one.name} has {VERSION}: it was adopted before.")
        for name in one.columns:
            if name not in there:
                raise RuntimeError(
                    f"{one.name} has no column {name}, which was read: read it again."
                )
        if not keys(one.name):
            raise RuntimeError(f"{one.name} has no primary key: give it one first.")
        if one.counted and not self._is_counted(one.name, there[one.counted]):
            raise RuntimeError(
                f"The database does not count {one.name}.{one.counted}: "
                "make it AUTO_INCREMENT, or INTEGER PRIMARY KEY, first."
            )

    def _check_rows(self, one: Adopted) -> None:
        there = {column["name"] for column in self._database.get_columns(one.name)}
        for name in sorted({"created_at", "updated_at"} & there):
            empty = sa.select(sa.literal(1)).select_from(sa.table(one.name))
            if op.get_bind().scalar(empty.where(sa.column(name).is_(None)).limit(1)):
                raise RuntimeError(
                    f"Rows of {one.name} have no {name}: give them one first."
                )
        for name in one.unique:
            if repeated := find_repeated(one.name, [], [name]):
                raise RuntimeError(
                    f"Rows of {one.name} have the same {name} in whatever case: "
                    f"{repeated}"
                )
        if one.unique or not one.counted:
            self._require_calm(one.name)

    def _require_calm(self, name: str) -> None:
        """Stop if triggers would run where rows get an id, or a key of a text."""
        bind = op.get_bind()
        found = bind.scalar(sa.text(TRIGGERS[bind.dialect.name]), {"table": name})
        if found:
            raise RuntimeError(
                f"The trigger {found} of {name} would run for each row, which gets an "
                "id or a key: drop it, and make it again afterwards."
            )

    def _is_counted(self, name: str, column: Any) -> bool:
        """Whether rows get a key by themselves, or can be made to."""
        bind = op.get_bind()
        if bind.dialect.name == "mysql":
            return bool(column.get("autoincrement") is True)
        if bind.dialect.name == "sqlite":
            kind = sa.text(
                "SELECT type FROM pragma_table_info(:table) WHERE name = :of"
            )
            words = {"table": name, "of": column["name"]}
            return str(bind.scalar(kind, words)).upper() == "INTEGER"
        return True

    def create_table(self, name: str, *items: sa.schema.SchemaItem, **how: Any) -> None:
        """Make a table, or add the columns that one lacks, with values for its rows."""
        if not self._is_there:
            op.create_table(name, *items, **how)
            return
        table = sa.Table(name, sa.MetaData(), *items)
        there = {one["name"]: one for one in self._database.get_columns(name)}
        new = [one for one in table.columns if one.name not in there]
        for column in new:
            add(name, column)
        for column in table.columns:
            if column.identity and column.name in there:
                count(name, column, there[column.name])
        names = {one.name for one in new}
        for one in sorted(table.constraints, key=lambda one: str(one.name)):
            if isinstance(one, sa.UniqueConstraint | sa.PrimaryKeyConstraint):
                of = [column.name for column in one.columns]
                if not names.isdisjoint(of):
                    op.create_index(str(one.name), name, of, unique=True)


def add(table: str, column: sa.Column[Any]) -> None:
    """Add a column with the value that each row has, or with one for each.

    The first is no update: triggers and other columns do not see it. It stays as the
    default, for whoever else writes to the table.
    """
    kind, dialect = column.type, op.get_context().dialect.name
    same = None
    if isinstance(kind, sa.Integer):
        same = "1"
    elif not isinstance(kind, sa.Uuid | sa.String):
        zone = "+00" if dialect == "postgresql" else ""
        same = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}{zone}"
    made = sa.Column(column.name, kind, nullable=same is None, server_default=same)
    op.add_column(table, made)
    if same is None:
        fill(table, column)
    # SQLite would have to copy the table, which stays as it is.
    if dialect != "sqlite" and same != "1":
        op.alter_column(
            table,
            column.name,
            existing_type=kind,
            nullable=column.nullable,
            server_default=sa.text(NOW[dialect]) if same else None,
        )


def fill(table: str, column: sa.Column[Any]) -> None:
    """Give each row an id, or the key by which one of its texts is compared."""
    names = keys(table)
    text = column.info.get("field")
    shown: list[sa.Label[Any]] = [sa.column(name).label(f"of_{name}") for name in names]
    found = sa.select(*shown, sa.column(text or names[0]).label("text"))
    parameters = [
        {**row, "text": None if row["text"] is None else fold(str(row["text"]))}
        if text
        else {**row, "text": uuid7()}
        for row in op.get_bind().execute(found.select_from(sa.table(table))).mappings()
    ]
    own = [sa.column(name) == sa.bindparam(f"of_{name}") for name in names]
    values: dict[str, Any] = {column.name: sa.bindparam("text", type_=column.type)}
    for one in sa.inspect(op.get_bind()).get_columns(table):
        if "ON UPDATE" in str(one["default"]).upper():
            values[one["name"]] = sa.column(one["name"])
    changed = sa.table(table, *map(sa.column, values))
    if parameters:
        op.get_bind().execute(changed.update().where(*own).values(values), parameters)


def count(table: str, column: sa.Column[Any], there: Any) -> None:
    """Have PostgreSQL count on from the rows that are there, if it does not yet."""
    if there.get("identity") or there["default"]:
        return
    key = sa.column(column.name, sa.Integer())
    found = sa.select(sa.func.max(key)).select_from(sa.table(table))
    last = op.get_bind().scalar(found) or 0
    op.alter_column(
        table,
        column.name,
        existing_type=there["type"],
        server_default=sa.Identity(start=last + 1),
    )


def refuse_adopted(tables: Iterable[Adopted]) -> None:
    """Stop if these tables are older than the project: they are not for it to drop.

    Raises:
        RuntimeError: If they are.
    """
    for one in tables:
        for column in sa.inspect(op.get_bind()).get_columns(one.name):
            # A table that was made has no default there.
            if column["name"] == VERSION and column["default"] is not None:
                raise RuntimeError(
                    f"Nothing is undone: {one.name} was there before the project."
                )
