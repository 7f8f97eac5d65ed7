"""What migrations do with rows whose column gets another type."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from alembic.operations import ops

from migrations.values import read, written

SHOWN = 3
Type = sa.types.TypeEngine[Any]


def find_unfit(table_name: str, name: str, old: Type, new: Type) -> str:
    """Count the rows whose value is not whole in another type, and name a few."""
    found = rows(table_name, keys(table_name), sa.column(name, old))
    unfit = [row for row in found if not fits(row[-1], new)]
    shown = [
        f"{shortened(row[-1])} (id {' '.join(map(identifier, row[:-1]))})"
        for row in unfit[:SHOWN]
    ]
    return f"{len(unfit)} of them, as {', '.join(shown)}." if unfit else ""


def find_repeated(table_name: str, names: Sequence[str], texts: Sequence[str]) -> str:
    """Count the texts that rows share in whatever case, and name a few."""
    table = sa.table(table_name, *map(sa.column, [*names, *texts]))
    found = Counter(
        (*row[: len(names)], *(fold(written(text)) for text in row[len(names) :]))
        for row in op.get_bind().execute(sa.select(*table.columns))
        if None not in row
    )
    repeated = [shortened(one[-1]) for one, times in found.items() if times > 1]
    shown = ", ".join(repeated[:SHOWN])
    return f"{len(repeated)} of them, as {shown}." if repeated else ""


def convert(
    table_name: str,
    name: str,
    old: Type,
    new: Type,
    *,
    nullable: bool = False,
    other: Any = None,
) -> None:
    """Give a column another type, by a new one in its place.

    Rows whose value is none of that type get the `other`.
    """
    made = f"{name}__new"
    table = sa.Table(table_name, sa.MetaData(), autoload_with=op.get_bind())
    hanging = [
        ops.CreateIndexOp.from_index(one)
        if isinstance(one, sa.Index)
        else ops.CreateUniqueConstraintOp.from_constraint(one)
        for one in (*table.indexes, *table.constraints)
        if isinstance(one, sa.Index | sa.UniqueConstraint) and name in one.columns
    ]
    stored = new.impl_instance if isinstance(new, sa.TypeDecorator) else new
    do(table_name, ops.AddColumnOp(table_name, sa.Column(made, new, nullable=True)))
    give(table_name, sa.column(name, old), sa.column(made, new), other)
    do(
        table_name,
        *(one.reverse() for one in hanging),
        ops.DropColumnOp(table_name, name),
    )
    renamed = ops.AlterColumnOp(
        table_name,
        made,
        existing_type=stored,
        modify_name=name,
        modify_nullable=nullable,
    )
    do(table_name, renamed)
    do(table_name, *hanging)


def do(table_name: str, *changes: ops.MigrateOperation) -> None:
    """Change a table as each database can."""
    with op.batch_alter_table(table_name) as batch_op:
        for one in changes:
            batch_op.invoke(one)


def cut(table_name: str, name: str, old: Type, new: Type, other: Any = None) -> None:
    """Cut values to what a column holds from now on."""
    give(table_name, sa.column(name, old), sa.column(name, new), other)


def derive_key(table_name: str, name: str, key: str) -> None:
    """Give rows the key by which a text is compared, in whatever case."""
    found = rows(table_name, keys(table_name), sa.column(name))
    change(
        table_name,
        sa.column(key, sa.String()),
        [(row[:-1], fold(written(row[-1]))) for row in found],
    )


def give(table_name: str, old: Any, new: Any, other: Any) -> None:
    """Give rows in one column what they have in another."""
    changed = []
    for row in rows(table_name, keys(table_name), old):
        try:
            found = read(row[-1], new.type)[0]
        except ValueError:
            found = other
        if old.name != new.name or found != row[-1]:
            changed.append((row[:-1], found))
    change(table_name, new, changed)


def change(table_name: str, column: Any, values: Sequence[Any]) -> None:
    """Write one value for each row."""
    names = keys(table_name)
    table = sa.table(table_name, column, *map(sa.column, names))
    own = [table.c[name] == sa.bindparam(f"of_{name}") for name in names]
    statement = (
        table.update()
        .where(*own)
        .values({column.name: sa.bindparam(f"new_{column.name}")})
    )
    parameters = [
        {f"of_{name}": part for name, part in zip(names, key, strict=True)}
        | {f"new_{column.name}": value}
        for key, value in values
    ]
    if parameters:
        op.get_bind().execute(statement, parameters)


def rows(
    table_name: str, others: Sequence[str], column: Any
) -> Iterator[sa.Row[tuple[Any, ...]]]:
    """Read a column where it has a value, after others."""
    table = sa.table(table_name, *map(sa.column, others), column)
    found = sa.select(*table.columns).where(table.c[column.name].is_not(None))
    yield from op.get_bind().execute(found.order_by(*map(sa.column, others))).all()


def keys(table_name: str) -> list[str]:
    """Return the columns that name a row."""
    return sa.inspect(op.get_bind()).get_pk_constraint(table_name)[
        "constrained_columns"
    ]


def fits(value: Any, kind: Type) -> bool:
    """Whether a value is one of a type, without a loss."""
    try:
        return read(value, kind)[1]
    except ValueError:
        return False


def shortened(value: Any) -> str:
    """Write a value so that it is one in a sentence."""
    text = written(value)
    return repr(text if len(text) <= 40 else f"{text[:40]}...")


def identifier(value: Any) -> str:
    """Write a key as the API shows it."""
    try:
        return str(UUID(value))
    except (AttributeError, ValueError):
        return str(value)


def fold(text: str) -> str:
    """Return the form by which texts are compared without regard to case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
