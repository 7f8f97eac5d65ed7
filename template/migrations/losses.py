"""Refuses to lose what rows hold, until the owner wants it."""

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa
from alembic.operations import ops

from migrations.code import Code, variable

WANTED = "delete this check if that is wanted"


def losses(
    found: Sequence[ops.MigrateOperation], models: sa.MetaData
) -> Iterator[Code]:
    """Name the tables and columns that go."""
    gone = [one.table_name for one in found if isinstance(one, ops.DropTableOp)]
    for name in gone:
        yield refuse(name, [], "", f"All rows of {name} would be lost: {WANTED}.")
    for change in found:
        if isinstance(change, ops.ModifyTableOps) and change.table_name not in gone:
            kept = models.tables[change.table_name].columns.keys()
            yield from losses_of(change, kept)


def losses_of(change: ops.ModifyTableOps, kept: Collection[str]) -> Iterator[Code]:
    """Name the columns of a table that go."""
    gone = [one.column_name for one in change.ops if isinstance(one, ops.DropColumnOp)]
    # A key, by which another column is compared, is made anew from that one.
    keys = [f"{name}_key" for name in kept]
    names = [name for name in gone if name not in keys]
    if names:
        held = (f"{{}}.c[{name!r}].is_not(None)" for name in names)
        yield refuse(
            change.table_name,
            names,
            f"sa.or_({', '.join(held)})" if len(names) > 1 else next(held),
            f"Rows of {change.table_name} would lose {' and '.join(names)}: {WANTED}.",
        )


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
