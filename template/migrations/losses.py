"""Refuses to lose what rows hold, until the owner wants it."""

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic.operations import ops

from migrations.code import Code, variable

WANTED = "delete this check if that is wanted"


def losses(
    found: Sequence[ops.MigrateOperation], models: sa.MetaData
) -> Iterator[Code]:
    """Name the tables and columns that go, or that hold less from now on."""
    gone = [one.table_name for one in found if isinstance(one, ops.DropTableOp)]
    for name in gone:
        yield refuse(name, [], "", f"All rows of {name} would be lost: {WANTED}.")
    for change in found:
        if isinstance(change, ops.ModifyTableOps) and change.table_name not in gone:
            kept = models.tables[change.table_name].columns.keys()
            yield from losses_of(change, kept)


def losses_of(change: ops.ModifyTableOps, kept: Collection[str]) -> Iterator[Code]:
    """Name the columns of a table that go, or that hold less from now on."""
    gone = [one.column_name for one in change.ops if isinstance(one, ops.DropColumnOp)]
    # A key, by which another column is compared, is made anew from that one.
    names = [name for name in gone if name.removesuffix("_key") not in kept]
    if names:
        held = (f"{{}}.c[{name!r}].is_not(None)" for name in names)
        yield refuse(
            change.table_name,
            names,
            f"sa.or_({', '.join(held)})" if len(names) > 1 else next(held),
            f"Rows of {change.table_name} would lose {' and '.join(names)}: {WANTED}.",
        )
    for one in change.ops:
        if isinstance(one, ops.AlterColumnOp) and one.modify_type is not None:
            yield from narrowing(one, storing(one.modify_type))


def storing(kind: Any) -> sa.types.TypeEngine[Any]:
    """Return the type by which the database stores a type."""
    return kind.impl_instance if isinstance(kind, sa.TypeDecorator) else kind


def narrowing(
    change: ops.AlterColumnOp, new: sa.types.TypeEngine[Any]
) -> Iterator[Code]:
    """Refuse rows whose values may not fit into the new type of a column."""
    table, name, old = change.table_name, change.column_name, change.existing_type
    if isinstance(old, sa.String) and isinstance(new, sa.String):
        if new.length and (old.length is None or old.length > new.length):
            yield refuse(
                table,
                [name],
                f"sa.func.length({{}}.c[{name!r}]) > {new.length}",
                f"Rows of {table} have a {name} of more than {new.length} characters:"
                " shorten them first.",
            )
    elif not is_wider(old, new):
        yield refuse(
            table,
            [name],
            f"{{}}.c[{name!r}].is_not(None)",
            f"Rows of {table} may lose a part of {name}, as {new}: {WANTED}.",
        )


def is_wider(old: Any, new: Any) -> bool:
    """Whether every value of one type is also one of another."""
    if isinstance(old, sa.Integer) and isinstance(new, sa.Integer):
        return size(old) <= size(new)
    if isinstance(old, sa.Numeric) and isinstance(new, sa.Numeric):
        return digits(old) <= digits(new) and (old.scale or 0) <= (new.scale or 0)
    return old is not None and old._type_affinity is new._type_affinity


def size(kind: sa.Integer) -> int:
    """Return the bytes of a whole number."""
    if isinstance(kind, sa.SmallInteger):
        return 2
    return 8 if isinstance(kind, sa.BigInteger) else 4


def digits(kind: sa.Numeric[Any]) -> float:
    """Return the digits before the point."""
    return math.inf if kind.precision is None else kind.precision - (kind.scale or 0)


def refuse(table_name: str, names: Sequence[str], condition: str, message: str) -> Code:
    """Write the lines that stop where there are such rows."""
    table = variable(table_name)
    columns = "".join(f", sa.column({name!r})" for name in names)
    found = f'sa.select(sa.text("1")).select_from({table})'
    if condition:
        found += f".where({condition.format(*[table] * len(names))})"
    lines = (
        f"{table} = sa.table({table_name!r}{columns})",
        f"if op.get_bind().execute({found}.limit(1)).first():",
        f"    raise RuntimeError({message!r})",
    )
    return Code(lambda _: "\n".join(lines))
