"""Arranges what Alembic found, so that it can be done on tables that hold rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from graphlib import TopologicalSorter

import sqlalchemy as sa
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext

from migrations.checks import checks
from migrations.code import named
from migrations.rows import Created, fill, fill_referred, find_required

ORDER = (
    ops.DropConstraintOp,
    ops.DropIndexOp,
    ops.DropColumnOp,
    ops.AddColumnOp,
    ops.AlterColumnOp,
    ops.CreateUniqueConstraintOp,
    ops.CreateIndexOp,
    ops.CreateForeignKeyOp,
)


def arrange(
    context: MigrationContext,
    _revision: object,
    directives: Sequence[ops.MigrationScript],
) -> None:
    """Arrange both directions of a migration, before Alembic writes it."""
    models = context.opts["target_metadata"]
    for script in directives:
        for found in (*script.upgrade_ops_list, *script.downgrade_ops_list):
            found.ops = in_order(found.ops, models)


def in_order(
    found: Sequence[ops.MigrateOperation], models: sa.MetaData
) -> list[ops.MigrateOperation]:
    """Check rows, create tables, add and fill columns, change the rest, drop tables."""
    created = {
        one.table_name: one for one in found if isinstance(one, ops.CreateTableOp)
    }
    dropped = {one.table_name: one for one in found if isinstance(one, ops.DropTableOp)}
    changes = [one for one in found if isinstance(one, ops.ModifyTableOps)]
    changed = [one for one in changes if one.table_name not in created | dropped]
    others = [
        one
        for one in found
        if one not in (*created.values(), *dropped.values(), *changes)
    ]
    checked, filled = list[ops.MigrateOperation](), list[ops.MigrateOperation]()
    referred: dict[str, list[str]] = {}
    for change in changed:
        required = find_required(change, created, models)
        checked += checks(change, required)
        if required:
            filled += fill(change, required)
        for name in {one.refers_to for one in required if one.refers_to}:
            referred.setdefault(name, []).append(change.table_name)
        change.ops.sort(key=place)
    return [
        *checked,
        *others,
        *create(created, changes, referred),
        *filled,
        *(fill_referred(created[name], tables) for name, tables in referred.items()),
        *changed,
        *(dropped[name] for name in reversed(parents_first(dropped))),
    ]


def create(
    created: Created, changes: Sequence[ops.ModifyTableOps], kept: Collection[str]
) -> Iterator[ops.MigrateOperation]:
    """Create tables with their indexes; those that get a row are kept in a variable."""
    for name in parents_first(created):
        yield named(created[name]) if name in kept else created[name]
        yield from (one for one in changes if one.table_name == name)


def parents_first(
    tables: Mapping[str, ops.CreateTableOp | ops.DropTableOp],
) -> list[str]:
    """Sort tables so that each follows those that it refers to."""
    parents = {
        name: {
            key.target_fullname.split(".")[-2] for key in one.to_table().foreign_keys
        }
        - {name}
        for name, one in sorted(tables.items())
    }
    return [
        name for name in TopologicalSorter(parents).static_order() if name in tables
    ]


def place(change: ops.MigrateOperation) -> int:
    """Return a change's turn: an index that a foreign key needs goes after the key."""
    if (
        isinstance(change, ops.DropConstraintOp)
        and change.constraint_type == "foreignkey"
    ):
        return -1
    return next(
        (n for n, kind in enumerate(ORDER) if isinstance(change, kind)), len(ORDER)
    )
