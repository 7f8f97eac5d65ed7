"""Tables that have another name now; `just resource rename` says which."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from alembic import context
from alembic.operations import ops

from migrations.code import Code

GIVEN = "rename="
KINDS = ("ck", "fk", "uq")
"""How names begin that have the name of their table in them; indexes go anyway."""

Names = Mapping[str, str]
"""Names of tables, by those that they had."""


def given_names() -> dict[str, str]:
    """Read the renames of `alembic -x rename=invoices:bills revision`."""
    words = [one for one in context.get_x_argument() if one.startswith(GIVEN)]
    pairs = (one.removeprefix(GIVEN).partition(":") for one in words)
    return {old: new for old, _, new in pairs}


def other_name(table_name: str) -> str:
    """Return what a table is called before, or on the way back."""
    pairs = given_names()
    return {**pairs, **{new: old for old, new in pairs.items()}}.get(
        table_name, table_name
    )


def take_out_tables(
    found: list[ops.MigrateOperation], names: Names
) -> list[ops.MigrateOperation]:
    """Rename tables in place of dropping and creating them; what is left are changes.

    Returns:
        What comes before all else.
    """
    gone = {one.table_name: one for one in found if isinstance(one, ops.DropTableOp)}
    come = {one.table_name: one for one in found if isinstance(one, ops.CreateTableOp)}
    pairs = {old: new for old, new in names.items() if old in gone and new in come}
    for old, new in pairs.items():
        change = ops.ModifyTableOps(new, [])
        for one in [*found]:
            if isinstance(one, ops.ModifyTableOps) and one.table_name in (old, new):
                change.ops += one.ops
                found.remove(one)
        change.ops += differences(gone[old].to_table(), come[new].to_table())
        found.remove(gone[old])
        found[found.index(come[new])] = change
    for one in found:
        if isinstance(one, ops.ModifyTableOps):
            for each in one.ops:
                use_new_name(each, pairs)
    return [rename(old, new) for old, new in pairs.items()]


def differences(old: sa.Table, new: sa.Table) -> Iterator[ops.MigrateOperation]:
    """Find what is called otherwise in a table with another name."""
    for constraint in sorted(old.constraints, key=name_of):
        if hangs_on(constraint, old.name):
            yield ops.DropConstraintOp.from_constraint(constraint)
    for column in old.columns:
        if column.name not in new.columns:
            yield ops.DropColumnOp.from_column_and_tablename(None, old.name, column)
    for column in new.columns:
        if column.name not in old.columns:
            yield ops.AddColumnOp.from_column_and_tablename(None, new.name, column)
    for constraint in sorted(new.constraints, key=name_of):
        if hangs_on(constraint, new.name):
            yield ops.AddConstraintOp.from_constraint(constraint)


def name_of(constraint: sa.Constraint) -> str:
    """Return what a constraint is called, if anything."""
    return str(constraint.name or "")


def hangs_on(constraint: sa.Constraint, table_name: str) -> bool:
    """Whether a constraint has the name of its table in its own."""
    return name_of(constraint).startswith(
        tuple(f"{kind}_{table_name}_" for kind in KINDS)
    )


def use_new_name(one: ops.MigrateOperation, pairs: Names) -> None:
    """Let a change be about a table that has its new name already."""
    if isinstance(one, ops.DropConstraintOp | ops.DropIndexOp | ops.DropColumnOp):
        one.table_name = pairs.get(one.table_name or "", one.table_name)
    former = getattr(one, "_reverse", None)
    if isinstance(former, ops.CreateForeignKeyOp):
        former.source_table = pairs.get(former.source_table, former.source_table)
        former.referent_table = pairs.get(former.referent_table, former.referent_table)


def rename(old: str, new: str) -> Code:
    """Write the lines that rename a table, and its key where that has a name."""
    lines = (
        f"op.rename_table({old!r}, {new!r})",
        'if op.get_bind().dialect.name == "postgresql":',
        f'    op.execute("ALTER INDEX IF EXISTS pk_{old} RENAME TO pk_{new}")',
    )
    return Code(lambda _: "\n".join(lines))
