"""Finds columns that probably have another name now, and keeps what they hold."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import sqlalchemy as sa
from alembic.ddl.impl import DefaultImpl
from alembic.operations import ops

from migrations.code import Code
from migrations.unique import added, made_unique

Pairs = Mapping[str, str]
"""Names of columns, by those that they had."""


def find_renames(change: ops.ModifyTableOps, impl: DefaultImpl) -> Pairs:
    """Pair columns that go with new ones of the same kind, the likest names first."""
    dropped = [one for one in change.ops if isinstance(one, ops.DropColumnOp)]
    likely = [
        (SequenceMatcher(None, old.column_name, name).ratio(), old.column_name, name)
        for old in dropped
        for name, new in added(change).items()
        if is_alike(old.to_column(), new.column, impl)
        and referred(change, old.column_name) == referred(change, name)
    ]
    pairs = dict[str, str]()
    for _, old_name, name in sorted(likely, reverse=True):
        if old_name not in pairs and name not in pairs.values():
            pairs[old_name] = name
    return pairs


def is_alike(old: sa.Column[Any], new: sa.Column[Any], impl: DefaultImpl) -> bool:
    """Whether a column can hold what another one holds."""
    return old.nullable == new.nullable and not impl.compare_type(old, new)


def referred(change: ops.ModifyTableOps, name: str) -> str | None:
    """Return the table that a column refers to, or referred to."""
    for one in change.ops:
        if isinstance(one, ops.DropConstraintOp) and one._reverse is None:
            continue
        key = one.reverse() if isinstance(one, ops.DropConstraintOp) else one
        if isinstance(key, ops.CreateForeignKeyOp) and name in key.local_cols:
            return key.referent_table
    return None


def back(pairs: Mapping[str, Pairs], tables: Pairs) -> dict[str, Pairs]:
    """Return the renames of the way back, where tables have their former names."""
    return {
        tables.get(table, table): {new: old for old, new in names.items()}
        for table, names in pairs.items()
    }


def take_out_renames(
    found: Sequence[ops.MigrateOperation], pairs: Mapping[str, Pairs]
) -> list[ops.MigrateOperation]:
    """Take renames out of changes, and return them; they come first."""
    renames = list[ops.MigrateOperation]()
    for change in found:
        if isinstance(change, ops.ModifyTableOps) and pairs.get(change.table_name):
            renames += rename(change, pairs[change.table_name])
    return renames


def rename(change: ops.ModifyTableOps, pairs: Pairs) -> Iterator[ops.MigrateOperation]:
    """Rename columns of a table, without what hangs on the former names."""
    drops = [one for one in change.ops if hangs_on(one, pairs)]
    # An index that a foreign key needs goes after the key.
    keys = [one for one in change.ops if is_foreign_key(one)] if drops else []
    drops = keys + [one for one in drops if one not in keys]
    dropped = [
        one
        for one in change.ops
        if isinstance(one, ops.DropColumnOp) and one.column_name in pairs
    ]
    new = [added(change)[name] for name in pairs.values()]
    unique = [one for one in change.ops if set(pairs.values()) & {*made_unique(one)}]
    taken = (*drops, *dropped, *new, *unique)
    change.ops = [one for one in change.ops if one not in taken]
    if drops:
        yield ops.ModifyTableOps(change.table_name, drops, schema=change.schema)
    yield question(change.table_name, pairs)
    altered = [renaming(one, pairs[one.column_name]) for one in dropped]
    yield ops.ModifyTableOps(change.table_name, altered, schema=change.schema)
    if unique:
        yield ops.ModifyTableOps(change.table_name, unique, schema=change.schema)


def renamed(table_name: str, renames: Sequence[ops.MigrateOperation]) -> dict[str, str]:
    """Return the former names of columns of a table, by their new ones."""
    return {
        one.modify_name: one.column_name
        for one in changes_of(table_name, renames)
        if isinstance(one, ops.AlterColumnOp) and one.modify_name
    }


def changes_of(
    table_name: str, renames: Sequence[ops.MigrateOperation]
) -> Iterator[ops.MigrateOperation]:
    """Return what is done with a table when columns are renamed."""
    for change in renames:
        if isinstance(change, ops.ModifyTableOps) and change.table_name == table_name:
            yield from change.ops


def renaming(drop: ops.DropColumnOp, new_name: str) -> ops.AlterColumnOp:
    """Rename a column in place of dropping it."""
    column = drop.to_column()
    return ops.AlterColumnOp(
        drop.table_name,
        column.name,
        existing_type=column.type,
        existing_nullable=column.nullable,
        modify_name=new_name,
    )


def is_foreign_key(change: ops.MigrateOperation) -> bool:
    """Whether this drops a foreign key."""
    return (
        isinstance(change, ops.DropConstraintOp)
        and change.constraint_type == "foreignkey"
    )


def hangs_on(change: ops.MigrateOperation, pairs: Pairs) -> bool:
    """Whether this drops something that has one of the former names in it."""
    if not isinstance(change, ops.DropConstraintOp | ops.DropIndexOp):
        return False
    former = change.reverse() if change._reverse is not None else None
    if isinstance(former, ops.CreateForeignKeyOp):
        return not pairs.keys().isdisjoint(former.local_cols)
    if isinstance(former, ops.CreateIndexOp):
        return not pairs.keys().isdisjoint(former.to_index().columns.keys())
    names = made_unique(former)
    return not names or not pairs.keys().isdisjoint(names)


def question(table_name: str, pairs: Pairs) -> Code:
    """Ask what only the owner knows."""
    lines = [
        f"# Is {new} of {table_name} what {old} was?"
        " If not, drop the one and add the other."
        for old, new in pairs.items()
    ]
    return Code(lambda _: "\n".join(lines))
