"""Rules over two fields, which rows must keep before the database asks for it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from sqlalchemy.sql import visitors

from migrations.code import Code
from migrations.conversions import Conversion
from migrations.convert import SHOWN
from migrations.losses import refuse
from migrations.renames import changes_of, renamed
from migrations.tables import other_name
from migrations.unique import added


def loosen(
    change: ops.ModifyTableOps, conversions: Sequence[Conversion], models: sa.MetaData
) -> None:
    """Take rules off columns that are replaced, until all of them are."""
    replaced = {one.name for one in conversions if not one.in_place}
    touched = {getattr(one, "constraint_name", None) for one in change.ops}
    table = models.tables.get(change.table_name)
    constraints = () if table is None else table.constraints
    # Alembic adds one more to the table each time that it writes one.
    rules = {
        one.name: one for one in constraints if isinstance(one, sa.CheckConstraint)
    }
    for one in rules.values():
        if one.name not in touched and not replaced.isdisjoint(one.columns.keys()):
            change.ops += [
                ops.DropConstraintOp.from_constraint(one),
                ops.AddConstraintOp.from_constraint(one),
            ]


def refuse_broken(
    change: ops.ModifyTableOps, renames: Sequence[ops.MigrateOperation]
) -> Iterator[tuple[Collection[str], Code]]:
    """Refuse rows that break a rule which is new.

    Returns:
        The columns that a rule is about, and the lines that stop.
    """
    former = renamed(change.table_name, renames)
    new = {name: filled(one.column) for name, one in added(change).items()}
    known = {**{name: sa.column(old) for name, old in former.items()}, **new}
    dropped = {
        one.constraint_name
        for one in (*changes_of(change.table_name, renames), *change.ops)
        if isinstance(one, ops.DropConstraintOp)
    }
    for one in change.ops:
        if not isinstance(one, ops.CreateCheckConstraintOp):
            continue
        name = str(one.constraint_name)
        if not dropped.isdisjoint((name, former_name(name, change.table_name, former))):
            continue
        names = named(one.condition)
        asked = [name for name in names if name in new and new[name] is None]
        if asked:
            message = (
                f"Rows of {change.table_name} need a value for {' and '.join(asked)}"
                f" that keeps {one.constraint_name}: write below which, and delete"
                " this check."
            )
            yield names, refuse(change.table_name, [], "", message)
        elif names or not known:
            yield names, stop(change.table_name, replaced(one.condition, known))


def former_name(name: str, table_name: str, columns: Mapping[str, str]) -> str:
    """Return how a rule was called before its table and columns were renamed."""
    for new, old in {table_name: other_name(table_name), **columns}.items():
        name = re.sub(rf"(?<![^_]){re.escape(new)}(?![^_])", old, name)
    return name


def filled(column: sa.Column[Any]) -> Any:
    """Return what rows get in a new column, if that is known."""
    if column.nullable:
        return sa.null()
    default = column.default
    if isinstance(default, sa.ColumnDefault) and default.is_scalar:
        return sa.literal(default.arg, column.type)
    return None


def named(condition: Any) -> list[str]:
    """Return the names of the columns of a condition; a plain text has none."""
    found: list[str] = []
    visitors.traverse(condition, {}, {"column": lambda one: found.append(one.name)})
    return found


def replaced(condition: Any, values: Mapping[str, Any]) -> Any:
    """Return a condition with other values in place of columns."""

    def replace(element: Any, **_: Any) -> Any:
        return values.get(str(getattr(element, "name", "")))

    whole: sa.ColumnElement[Any] = condition
    return visitors.replacement_traverse(whole, {}, replace)


def stop(table_name: str, condition: Any) -> Code:
    """Write the lines that stop where rows break a rule; they outlive this module."""

    def write(autogenerate: AutogenContext) -> str:
        autogenerate.imports.add("from migrations.convert import identifier, keys")
        kept = autogenerate.migration_context.impl.render_ddl_sql_expr(condition)
        message = f"Rows of {table_name} break the rule {kept}: change them first"
        columns = f"*map(sa.column, keys({table_name!r}))"
        table = f"select_from(sa.table({table_name!r}))"
        found = f"sa.select({columns}).{table}.where(sa.text({f'NOT ({kept})'!r}))"
        lines = (
            f"if broken := op.get_bind().execute({found}).all():",
            f"    shown = [identifier(row[0]) for row in broken[:{SHOWN}]]",
            "    count = f\"{len(broken)} of them, as id {', '.join(shown)}.\"",
            f"    raise RuntimeError({message!r}, count)",
        )
        return "\n".join(lines)

    return Code(write)
