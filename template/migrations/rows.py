"""Gives the rows that a table holds what its new columns require."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _repr_type
from alembic.operations import ops

from migrations.code import Code, column_of, pairs, variable
from migrations.neutral import key, neutral, stand_in
from migrations.unique import added, find_column, is_unique, newly_unique

Created = Mapping[str, ops.CreateTableOp]


@dataclass(frozen=True)
class Required:
    """A column that must have a value from now on.

    Attributes:
        value: What rows get that have none, as Python; `None` if the owner must choose.
        field: The column whose key it is, by which texts are compared.
        refers_to: The table, made by the same migration, in which that value is a key.
    """

    column: sa.Column[Any]
    is_new: bool
    value: str | None
    field: str | None = None
    refers_to: str | None = None


def find_required(
    change: ops.ModifyTableOps, created: Created, models: sa.MetaData
) -> list[Required]:
    """Find the columns of a table that rows could lack, and the keys of others."""
    found = []
    table = models.tables.get(change.table_name)
    new = added(change)
    for one in change.ops:
        if isinstance(one, ops.AddColumnOp):
            field = field_of(one.column, table)
            if field and (field not in new or is_required(one.column)):
                found.append(Required(one.column, True, value=None, field=field))
            elif is_required(one.column):
                found.append(of_new_column(one.column, change, created))
        elif isinstance(one, ops.AlterColumnOp):
            column = changed_column(one, models)
            if field := field_of(column, table):
                found.append(Required(column, False, value=None, field=field))
            elif one.modify_nullable is False:
                chosen = column.foreign_keys or is_unique(column)
                value = None if chosen else neutral(column)
                found.append(Required(column, is_new=False, value=value))
    return found


def field_of(column: sa.Column[Any], table: sa.Table | None) -> str | None:
    """Return the column whose key this one is, or was before the models changed."""
    field: str | None = column.info.get("field")
    if table is None:
        return field
    if find_column(table, column.name) is None:
        name = column.name.removesuffix("_key")
        field = name if name != column.name and name in table.columns else None
    return table.columns[field].name if field else None


def is_required(column: sa.Column[Any]) -> bool:
    """Return whether neither rows nor the database have a value for a new column."""
    return not column.nullable and column.server_default is None


def changed_column(change: ops.AlterColumnOp, models: sa.MetaData) -> sa.Column[Any]:
    """Return a changed column, as the models know it if they do."""
    name, table = change.column_name, models.tables.get(change.table_name)
    known = None if table is None else find_column(table, name)
    return sa.Column(name, change.existing_type) if known is None else known


def of_new_column(
    column: sa.Column[Any], change: ops.ModifyTableOps, created: Created
) -> Required:
    """Choose what rows get in a new column: a unique value cannot be shared."""
    for one in change.ops:
        if isinstance(one, ops.CreateForeignKeyOp) and column.name in one.local_cols:
            referred = created.get(one.referent_table)
            if (
                referred is None
                or len(one.local_cols) > 1
                or stand_in(referred.to_table()) is None
            ):
                return Required(column, is_new=True, value=None)
            return Required(
                column, is_new=True, value=key(column), refers_to=one.referent_table
            )
    names = {column.name, *keys(column, change)}
    if any(names.intersection(new) for new, _ in newly_unique(change)):
        return Required(column, is_new=True, value=None)
    return Required(column, is_new=True, value=neutral(column))


def keys(column: sa.Column[Any], change: ops.ModifyTableOps) -> Iterator[str]:
    """Name the new columns that hold this one as it is compared."""
    for name, one in added(change).items():
        if one.column.info.get("field") == column.key:
            yield name


def fill(
    change: ops.ModifyTableOps, required: list[Required]
) -> Iterator[ops.MigrateOperation]:
    """Add new columns, and give rows what they lack; NOT NULL comes by the change."""
    new = [one.column for one in required if one.is_new]
    if new:
        added = [ops.AddColumnOp(change.table_name, nullable(column)) for column in new]
        yield ops.ModifyTableOps(change.table_name, added, schema=change.schema)
    if filled := [one for one in required if not one.field]:
        yield Code(partial(statements, change.table_name, filled))
    for one in required:
        if one.field:
            yield derive(change.table_name, one.field, one.column.name)
    names = {column.name for column in new}
    change.ops = [one for one in change.ops if not adds(one, names)]
    change.ops += [
        require(change.table_name, column) for column in new if not column.nullable
    ]


def derive(table_name: str, field: str, key: str) -> Code:
    """Write the line that gives rows the key of a text."""

    def write(autogenerate: AutogenContext) -> str:
        autogenerate.imports.add("from migrations.convert import derive_key")
        return f"derive_key({table_name!r}, {field!r}, {key!r})"

    return Code(write)


def adds(change: ops.MigrateOperation, names: Collection[str]) -> bool:
    """Return whether this adds one of these columns."""
    return isinstance(change, ops.AddColumnOp) and change.column.name in names


def nullable(column: sa.Column[Any]) -> sa.Column[Any]:
    """Return a column as it is before rows are filled."""
    return sa.Column(column.name, column.type, nullable=True, comment=column.comment)


def require(table_name: str, column: sa.Column[Any]) -> ops.AlterColumnOp:
    """Make a column NOT NULL."""
    return ops.AlterColumnOp(
        table_name,
        column.name,
        existing_type=column.type,
        existing_comment=column.comment,
        modify_nullable=False,
    )


def statements(
    table_name: str, required: list[Required], autogenerate: AutogenContext
) -> str:
    """Write the lines that give rows what they lack."""
    columns = [
        f"sa.column({one.column.name!r}, {_repr_type(one.column.type, autogenerate)})"
        for one in required
    ]
    table = f"{variable(table_name)} = sa.table({table_name!r}, {', '.join(columns)})"
    return "\n".join([table, *updates(variable(table_name), required)])


def updates(table: str, required: list[Required]) -> Iterator[str]:
    """Write one statement for all new columns, and one for each of the others."""
    new = {one.column.name: str(one.value) for one in required if one.is_new}
    if new:
        yield f"op.execute({table}.update().values({pairs(new)}))"
    for one in required:
        if not one.is_new:
            name = one.column.name
            rows = f"{table}.update().where({column_of(table, name)}.is_(None))"
            yield f"op.execute({rows}.values({pairs({name: str(one.value)})}))"


def fill_referred(create: ops.CreateTableOp, table_names: list[str]) -> Code:
    """Write the lines that add the row to which existing rows, if any, refer."""
    values = pairs(stand_in(create.to_table()) or {})
    found = " or ".join(
        f"op.get_bind().execute(sa.select({variable(name)}).limit(1)).first()"
        for name in table_names
    )
    lines = (
        "# Existing rows refer to this one: change it here,",
        "# or give them another by UPDATE later.",
        f"if {found}:",
        f"    op.execute({variable(create.table_name)}.insert().values({values}))",
    )
    return Code(lambda _: "\n".join(lines))
