"""Checks that a migration makes before it changes anything."""

from collections.abc import Iterator, Sequence

from alembic.operations import ops

from migrations.code import Code, variable
from migrations.rows import Required
from migrations.unique import added, newly_unique


def checks(change: ops.ModifyTableOps, required: list[Required]) -> Iterator[Code]:
    """Check a table's rows: some databases cannot undo half of a migration."""
    chosen = [one.column.name for one in required if one.value is None]
    if chosen:
        yield refuse_rows(change.table_name, chosen)
    # What is chosen can differ, and NULL is never the same as another NULL.
    differing = {
        *chosen,
        *(name for name, one in added(change).items() if one.column.nullable),
    }
    for new, former in newly_unique(change):
        if former and differing.isdisjoint(new):
            yield refuse_repetition(change.table_name, former)


def refuse_rows(table_name: str, names: Sequence[str]) -> Code:
    """Write the lines that stop where rows need a value that nobody can guess."""
    table = variable(table_name)
    message = (
        f"Rows of {table_name} need a value for {' and '.join(names)}: "
        "write below which, and delete this check."
    )
    first = f'sa.select(sa.text("1")).select_from({table}).limit(1)'
    lines = (
        f"{table} = sa.table({table_name!r})",
        f"if op.get_bind().execute({first}).first():",
        f"    raise RuntimeError({message!r})",
    )
    return Code(lambda _: "\n".join(lines))


def refuse_repetition(table_name: str, names: Sequence[str]) -> Code:
    """Write the lines that stop where rows share what must be unique from now on."""
    table = variable(table_name)
    defined = ", ".join(f"sa.column({name!r})" for name in names)
    columns = [f"{table}.c.{name}" for name in names]
    grouped = f"sa.select({table}).group_by({', '.join(columns)})"
    # Counting a column passes over NULL.
    more_than_one = ", ".join(f"sa.func.count({column}) > 1" for column in columns)
    message = (
        f"Rows of {table_name} share the same {' and '.join(names)}: "
        "make them differ first."
    )
    lines = (
        f"{table} = sa.table({table_name!r}, {defined})",
        f"repeated = {grouped}.having({more_than_one})",
        "if op.get_bind().execute(repeated.limit(1)).first():",
        f"    raise RuntimeError({message!r})",
    )
    return Code(lambda _: "\n".join(lines))
