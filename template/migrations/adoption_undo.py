"""Undoes what a broken off run has left, where the database cannot: on MySQL.

Each change of a table is committed there. So what there was is noted before the first,
and whoever begins again puts that back.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

NOTE = "tables_before_adoption"


def begin(database: sa.Inspector, tables: Iterable[str]) -> None:
    """Note the columns and indexes that tables have."""
    if op.get_bind().dialect.name != "mysql":
        return
    found = {
        name: {
            "columns": [one["name"] for one in database.get_columns(name)],
            "indexes": {
                one["name"]: [one["column_names"], one["unique"]]
                for one in database.get_indexes(name)
            },
        }
        for name in tables
    }
    noted = op.create_table(f"{NOTE}_new", sa.Column("tables", sa.JSON()))
    op.bulk_insert(noted, [{"tables": json.loads(json.dumps(found))}])
    op.rename_table(f"{NOTE}_new", NOTE)


def put_back(new: Sequence[str]) -> None:
    """Take away what a run has added that did not come to its end.

    Args:
        new: Tables that there were not before, each after those that it refers to.
    """
    if op.get_bind().dialect.name != "mysql":
        return
    database = sa.inspect(op.get_bind())
    there = set(database.get_table_names())
    op.execute(f"DROP TABLE IF EXISTS {NOTE}_new")
    if NOTE not in there:
        return
    for name in reversed(new):
        if name in there:
            op.drop_table(name)
    noted = sa.table(NOTE, sa.column("tables", sa.JSON()))
    for name, before in op.get_bind().scalars(sa.select(noted.c.tables)).one().items():
        restore(database, name, before)
    op.drop_table(NOTE)


def restore(database: sa.Inspector, name: str, before: dict[str, Any]) -> None:
    """Take from a table what it had not before."""
    indexes = {one["name"] for one in database.get_indexes(name)}
    keys = [one["constrained_columns"] for one in database.get_foreign_keys(name)]
    for index in sorted(before["indexes"].keys() - indexes):
        columns, unique = before["indexes"][index]
        # MySQL drops what it made for a foreign key where there is another.
        if columns in keys:
            op.create_index(index, name, columns, unique=unique)
    for index in sorted(indexes - before["indexes"].keys()):
        op.drop_index(str(index), name)
    for column in database.get_columns(name):
        if column["name"] not in before["columns"]:
            op.drop_column(name, column["name"])


def end() -> None:
    """Forget what there was before."""
    op.execute(f"DROP TABLE IF EXISTS {NOTE}")
