"""What a change makes unique, and what was so before."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic.operations import ops


def made_unique(change: object) -> list[str]:
    """Return the columns that this makes unique; expressions are passed over."""
    if isinstance(change, ops.CreateUniqueConstraintOp):
        return list(change.columns)
    if isinstance(change, ops.CreateIndexOp) and change.unique:
        return [column.name for column in change.to_index().columns]
    return []


def is_unique(column: sa.Column[Any]) -> bool:
    """Whether no two rows of a model may have the same, in a column or in its key."""
    if column.table is None:
        return False
    keys = [one for one in column.table.columns if one.info.get("field") == column.key]
    constraints = column.table.constraints
    unique = (
        *(one.columns for one in column.table.indexes if one.unique),
        *(one.columns for one in constraints if isinstance(one, sa.UniqueConstraint)),
    )
    return any(not {column, *keys}.isdisjoint(columns) for columns in unique)


def find_column(table: sa.Table, name: str) -> sa.Column[Any] | None:
    """Return a column of a model by what its table calls it."""
    return next((one for one in table.columns if one.name == name), None)


def was_unique(names: Sequence[str], change: ops.MigrateOperation) -> bool:
    """Return whether this ends that the values of these columns are unique."""
    if (
        not isinstance(change, (ops.DropConstraintOp, ops.DropIndexOp))
        or change._reverse is None
    ):
        return False
    former = made_unique(change.reverse())
    return bool(former) and set(former) <= set(names)


def added(change: ops.ModifyTableOps) -> dict[str, ops.AddColumnOp]:
    """Return the additions of columns, by the column's name."""
    return {
        one.column.name: one for one in change.ops if isinstance(one, ops.AddColumnOp)
    }


def newly_unique(change: ops.ModifyTableOps) -> Iterator[tuple[list[str], list[str]]]:
    """Find the new and the former columns of what is unique from now on."""
    new = added(change)
    for one in change.ops:
        names = made_unique(one)
        former = [name for name in names if name not in new]
        if names and not (
            former and any(was_unique(former, other) for other in change.ops)
        ):
            yield [name for name in names if name in new], former
