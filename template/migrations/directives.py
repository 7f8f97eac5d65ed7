"""Arranges what Alembic found, so that it can be done on tables that hold rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import NamedTuple

import sqlalchemy as sa
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext

from migrations.checks import checks, refuse_strays
from migrations.choices import ask, find_odd
from migrations.code import Code, named
from migrations.conversions import find_conversions, take_out
from migrations.losses import losses
from migrations.renames import back, find_renames, take_out_renames
from migrations.rows import Created, fill, fill_referred, find_required

Operations = Sequence[ops.MigrateOperation]

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
    connection = context.connection
    for script in directives:
        up, down = script.upgrade_ops, script.downgrade_ops
        if up is None or down is None or connection is None:
            continue
        pairs = {
            one.table_name: find_renames(one, context.impl) for one in changes(up.ops)
        }
        renames = take_out_renames(up.ops, pairs)
        asked = [*losses(up.ops, models), *odd(connection, up.ops, models)]
        up.ops = [*asked, *in_order(up.ops, models, renames)]
        renames = take_out_renames(down.ops, back(pairs))
        undone = [one for one in renames if not isinstance(one, Code)]
        down.ops = in_order(down.ops, models, undone)


def odd(
    connection: sa.Connection, found: Operations, models: sa.MetaData
) -> Iterator[Code]:
    """Ask where rows go whose choice is none, unless they are converted anyway."""
    converted = {
        (change.table_name, one.name)
        for change in changes(found)
        for one in find_conversions(change, models)
    }
    for one in find_odd(connection, models):
        if (one.table, one.column) not in converted:
            yield ask(one)


def changes(found: Operations) -> list[ops.ModifyTableOps]:
    """Return the changes of tables."""
    return [one for one in found if isinstance(one, ops.ModifyTableOps)]


def in_order(
    found: Operations,
    models: sa.MetaData,
    renames: Operations,
) -> list[ops.MigrateOperation]:
    """Check rows, create tables, add and fill columns, change the rest, drop tables."""
    created = {
        one.table_name: one for one in found if isinstance(one, ops.CreateTableOp)
    }
    dropped = {one.table_name: one for one in found if isinstance(one, ops.DropTableOp)}
    modified = changes(found)
    changed = [one for one in modified if one.table_name not in created | dropped]
    others = [
        one
        for one in found
        if one not in (*created.values(), *dropped.values(), *modified)
    ]
    steps = [prepare(one, created, models, renames) for one in changed]
    referred: dict[str, list[str]] = {}
    for change, step in zip(changed, steps, strict=True):
        for name in step.referred:
            referred.setdefault(name, []).append(change.table_name)
    return [
        *(one for step in steps for one in step.checked),
        *others,
        *create(created, modified, referred),
        *renames,
        *(one for step in steps for one in step.filled),
        *(fill_referred(created[name], tables) for name, tables in referred.items()),
        *changed,
        *(dropped[name] for name in reversed(parents_first(dropped))),
    ]


class Steps(NamedTuple):
    """What is done with a table before it is changed.

    Attributes:
        referred: Tables in which a row must be to which this one's rows can refer.
    """

    checked: Operations
    filled: Operations
    referred: Collection[str]


def prepare(
    change: ops.ModifyTableOps,
    created: Created,
    models: sa.MetaData,
    renames: Operations,
) -> Steps:
    """Check a table's rows, convert and fill them; take that out of its change."""
    required = find_required(change, created, models)
    conversions = list(find_conversions(change, models))
    converted = {one.name for one in conversions}
    checked: list[ops.MigrateOperation] = [
        *(one.check() for one in conversions if not one.always_fits),
        *checks(change, required),
    ]
    strays = list[ops.MigrateOperation]()
    for name, check in refuse_strays(change, created, renames):
        (strays if name in converted else checked).append(check)
    filled = [*take_out(change, conversions), *strays]
    if required:
        filled += fill(change, required)
    change.ops.sort(key=place)
    return Steps(checked, filled, {one.refers_to for one in required if one.refers_to})


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
