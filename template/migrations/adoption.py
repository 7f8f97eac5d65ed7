"""Takes tables that are there into use: adds what they lack, and nothing else."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.autogenerate import comparators
from alembic.autogenerate.api import AutogenContext
from uuid_utils.compat import uuid7

from migrations.adoption_checks import VERSION, Adopted, check
from migrations.adoption_undo import begin, end, put_back
from migrations.convert import fold, keys

NOW = {"postgresql": "now()", "mysql": "(utc_timestamp(6))"}


class Adoption:
    """Tables that are there, all of them or none: then they are made like others.

    Raises:
        RuntimeError: If the database is not as it was read; nothing is changed then.
    """

    def __init__(self, tables: Sequence[Adopted], new: Sequence[str]) -> None:
        put_back(new)
        self._database = sa.inspect(op.get_bind())
        names = [one.name for one in tables]
        self._is_there = not set(self._database.get_table_names()).isdisjoint(names)
        if self._is_there:
            check(self._database, tables, new)
            begin(self._database, names)

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

    def end(self) -> None:
        """Forget what there was before: all is done."""
        end()


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
        if was_adopted(sa.inspect(op.get_bind()), one.name):
            raise RuntimeError(
                f"Nothing is undone: {one.name} was there before the project."
            )


def was_adopted(database: sa.Inspector, name: str) -> bool:
    """Whether a table is older than the project: one that was made has no default."""
    return any(
        column["name"] == VERSION and column["default"] is not None
        for column in database.get_columns(name)
    )


@comparators.dispatch_for("schema")
def refuse_to_compare(
    autogenerate: AutogenContext, _changes: object, _schemas: object
) -> None:
    """Stop if models would be compared with tables that are older than they are.

    Types are not those of the models there: all would be changed.

    Raises:
        RuntimeError: If there is such a table.
    """
    database = autogenerate.inspector
    models = autogenerate.sorted_tables
    there = {*database.get_table_names()} & {table.name for table in models}
    for name in sorted(there):
        if was_adopted(database, name):
            raise RuntimeError(
                f"{name} was there before the project, and has types of its own: write "
                "migrations with DATABASE_URL of an empty database, which `uv run just "
                "migrate` fills, and then migrate this one."
            )
