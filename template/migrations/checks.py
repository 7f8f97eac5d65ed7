"""Checks that a migration makes before it changes anything."""

from collections.abc import Collection, Iterator, Sequence

from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops

from migrations.code import Code, column_of, variable
from migrations.losses import refuse
from migrations.renames import changes_of, renamed
from migrations.rows import Required
from migrations.unique import added, newly_unique


def checks(change: ops.ModifyTableOps, required: list[Required]) -> Iterator[Code]:
    """Check a table's rows: some databases cannot undo half of a migration."""
    table_name = change.table_name
    fields = {
        one.column.name: one.field for one in required if one.is_new and one.field
    }
    asked = [one for one in required if one.value is None and not one.field]
    chosen = [one.column.name for one in asked if one.is_new]
    if chosen:
        yield refuse_rows(table_name, chosen)
    for name in (one.column.name for one in asked if not one.is_new):
        message = (
            f"Rows of {table_name} need a value for {name}: "
            "write below which, and delete this check."
        )
        yield refuse(table_name, [name], f"{{}}.c[{name!r}].is_(None)", message)
    # What is chosen can differ, and NULL is never the same as another NULL.
    differing = {
        *chosen,
        *(name for name, one in added(change).items() if one.column.nullable),
    } - fields.keys()
    for new, former in newly_unique(change):
        texts = [fields[name] for name in new if name in fields]
        if not differing.isdisjoint([*new, *texts]):
            continue
        if texts:
            yield refuse_repetition_in_any_case(table_name, former, texts)
        elif former:
            yield refuse_repetition(table_name, former)


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
    columns = [column_of(table, name) for name in names]
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


def refuse_repetition_in_any_case(
    table_name: str, names: Sequence[str], texts: Sequence[str]
) -> Code:
    """Write the lines that stop where rows share a text that must be unique."""
    message = (
        f"Rows of {table_name} share the same {' and '.join([*names, *texts])}, in"
        " whatever case: make them differ first"
    )

    def write(autogenerate: AutogenContext) -> str:
        autogenerate.imports.add("from migrations.convert import find_repeated")
        arguments = f"{table_name!r}, {[*names]!r}, {[*texts]!r}"
        return (
            f"if repeated := find_repeated({arguments}):\n"
            f"    raise RuntimeError({message!r}, repeated)"
        )

    return Code(write)


def refuse_strays(
    change: ops.ModifyTableOps,
    created: Collection[str],
    renames: Sequence[ops.MigrateOperation],
) -> Iterator[tuple[str, Code]]:
    """Refuse rows that refer to what is not in a table to which they shall refer.

    Returns:
        The columns that refer to another table from now on, and the lines that stop.
    """
    table_name = change.table_name
    new = {*added(change), *renamed(table_name, renames)}
    before = [*changes_of(table_name, renames), *change.ops]
    for one in change.ops:
        if not isinstance(one, ops.CreateForeignKeyOp) or len(one.local_cols) > 1:
            continue
        (name,), (key,), target = one.local_cols, one.remote_cols, one.referent_table
        if name in new or refers_already(before, name, target):
            continue
        condition = f"{{0}}.c[{name!r}].is_not(None)"
        if target not in created:
            referred = f'sa.table({target!r}, sa.column({key!r})).alias("referred")'
            found = f"{referred}.c[{key!r}] == {{0}}.c[{name!r}]"
            condition += f", ~sa.exists().where({found})"
        message = (
            f"Rows of {table_name} refer by {name} to what is no row of {target}:"
            " change that first."
        )
        yield name, refuse(table_name, [name], condition, message)


def refers_already(
    changes: Sequence[ops.MigrateOperation], name: str, target: str
) -> bool:
    """Whether a column has referred to a table before."""
    for one in changes:
        if isinstance(one, ops.DropConstraintOp) and one._reverse is not None:
            former = one.reverse()
            if isinstance(former, ops.CreateForeignKeyOp) and name in former.local_cols:
                return former.referent_table == target
    return False
