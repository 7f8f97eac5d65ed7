"""Finds columns that get another type, and writes what becomes of their rows."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _repr_type
from alembic.operations import ops

from migrations.code import Code
from migrations.losses import WANTED, refuse
from migrations.neutral import neutral, python_type
from migrations.renames import hangs_on
from migrations.rules import find_body
from migrations.unique import find_column, is_unique
from migrations.values import NUMBERS, READ, Microseconds, plain, size

IMPORT = "from migrations.convert import convert, cut, find_unfit"
NAMES = {
    str: "text of at most {0.length} characters",
    int: "whole number",
    float: "number",
    Decimal: "number of {0.precision} digits, {0.scale} after the point",
    bool: "truth value",
    date: "day",
    datetime: "moment with its time zone",
    time: "time of day",
    timedelta: "duration",
    UUID: "UUID",
    dict: "JSON object",
}
LONGEST = {bool: 5, int: 20, date: 10, datetime: 27, time: 8, UUID: 36}
"""Characters of a value, as the API shows it."""


@dataclass(frozen=True)
class Conversion:
    """A column of a table that holds something else, or less, from now on.

    Attributes:
        other: What rows get whose value is none any more, as Python.
    """

    table_name: str
    name: str
    old: Any
    new: Any
    nullable: bool
    other: str | None

    @property
    def is_known(self) -> bool:
        """Whether there is a way to read the one type as the other."""
        return READ.keys() >= {python_type(self.old), python_type(self.new)}

    @property
    def always_fits(self) -> bool:
        """Whether no value can fail."""
        old, new = python_type(self.old), python_type(self.new)
        if new is str and not self._is_choice():
            return self.is_known and LONGEST.get(old, math.inf) <= (
                self.new.length or math.inf
            )
        return (old, new) in (
            (bool, int),
            (bool, float),
            (int, float),
            (date, datetime),
        )

    @property
    def in_place(self) -> bool:
        """Whether the database changes the type by itself, once values fit."""
        return not self.is_known or python_type(self.old) is python_type(self.new)

    def check(self) -> Code:
        """Write the lines that stop where a value does not fit."""
        kinds = python_type(self.old), python_type(self.new)
        if not self.is_known:
            return refuse(
                self.table_name,
                [self.name],
                f"{{}}.c[{self.name!r}].is_not(None)",
                f"Rows of {self.table_name} may lose a part of {self.name}, as"
                f" {self.new}: {WANTED}.",
            )
        name = "choice" if self._is_choice() else NAMES[kinds[1]].format(self.new)
        message = (
            f"Rows of {self.table_name} have a {self.name} that is no {name}: change"
            f" them first{self._way_out(*kinds)}"
        )
        return Code(
            lambda autogenerate: (
                f"if unfit := find_unfit({self._arguments(autogenerate)}):\n"
                f"    raise RuntimeError({message!r}, unfit)"
            )
        )

    def call(self, autogenerate: AutogenContext) -> str:
        """Write the line that converts what rows hold."""
        word = "cut" if self.in_place else "convert"
        nullable = ", nullable=True" if self.nullable and not self.in_place else ""
        other = f", other={self.other}" if self.other else ""
        return f"{word}({self._arguments(autogenerate)}{nullable}{other})"

    def _way_out(self, old: type, new: type) -> str:
        is_cut = old is new or new is str or (old, new) == (datetime, date)
        if not self._is_choice() and (is_cut or {old, new} <= {*NUMBERS}):
            return ", or delete this check to have them cut"
        if self.nullable or self.other:
            return ", or say below what `other` they get and delete this check"
        return ""

    def _is_choice(self) -> bool:
        return isinstance(self.new, sa.Enum)

    def _arguments(self, autogenerate: AutogenContext) -> str:
        autogenerate.imports.add(IMPORT)
        old, new = (_repr_type(one, autogenerate) for one in (self.old, self.new))
        return f"{self.table_name!r}, {self.name!r}, {old}, {new}"


def find_conversions(
    change: ops.ModifyTableOps, models: sa.MetaData
) -> Iterator[Conversion]:
    """Find what a database would not do by itself, or not as others do."""
    table = models.tables.get(change.table_name)
    for one in change.ops:
        if not isinstance(one, ops.AlterColumnOp) or one.modify_type is None:
            continue
        column = None if table is None else find_column(table, one.column_name)
        old = of_resource(plain(one.existing_type), column)
        new = of_resource(meaning(one.modify_type), column)
        if python_type(old) is not python_type(new):
            refuse_key(column)
        if column is None or python_type(meaning(column.type)) is not python_type(new):
            column = sa.Column(one.column_name, new)
        if not is_wider(old, new) and not column.info.get("field"):
            nullable = bool(one.existing_nullable or one.modify_nullable)
            given = None if nullable or is_unique(column) else neutral(column)
            yield Conversion(
                change.table_name, one.column_name, old, new, nullable, given
            )


def refuse_key(column: sa.Column[Any] | None) -> None:
    """Raise `RuntimeError` if a column names rows: others know them by what it has."""
    if column is not None and column.primary_key and not column.foreign_keys:
        raise RuntimeError(
            f"Rows of {column.table.name} keep what names them: {column.name} cannot"
            " become of another type; change it back, or make a table of another name."
        )


def of_resource(kind: Any, column: sa.Column[Any] | None) -> Any:
    """Take a long number for a duration, unless it refers to a row."""
    if column is None or column.foreign_keys or not find_body(column):
        return kind
    if isinstance(kind, sa.BigInteger):
        return Microseconds()
    return kind


def take_out(
    change: ops.ModifyTableOps, conversions: list[Conversion]
) -> Iterator[ops.MigrateOperation]:
    """Take conversions out of a change, with what must go before."""
    by_name = {one.name: one for one in conversions}
    replaced = {name for name, one in by_name.items() if not one.in_place}
    hanging = dict.fromkeys(replaced, "")
    drops = [one for one in change.ops if replaced and hangs_on(one, hanging)]
    change.ops = [one for one in change.ops if one not in drops]
    if drops:
        # An index that a foreign key needs goes after the key.
        drops.sort(key=lambda one: getattr(one, "constraint_type", "") != "foreignkey")
        yield ops.ModifyTableOps(change.table_name, drops, schema=change.schema)
    known = [one for one in conversions if one.is_known]
    if known:
        yield Code(lambda rendered: "\n".join(one.call(rendered) for one in known))
    for one in change.ops:
        if isinstance(one, ops.AlterColumnOp) and one.column_name in replaced:
            one.modify_type, one.existing_type = None, by_name[one.column_name].new
            one.existing_nullable = by_name[one.column_name].nullable
            if one.modify_nullable == one.existing_nullable:
                one.modify_nullable = None
    change.ops = [
        one
        for one in change.ops
        if not isinstance(one, ops.AlterColumnOp) or one.has_changes()
    ]


def meaning(kind: Any) -> Any:
    """Return the type of a model as one that a migration can name."""
    if choices := getattr(kind, "choices", None):
        values = [one.value for one in choices]
        return sa.Enum(*values, native_enum=False, length=kind.LENGTH)
    return plain(kind)


def is_wider(old: Any, new: Any) -> bool:
    """Whether every value of one type is also one of another."""
    if python_type(old) is not python_type(new):
        return False
    if isinstance(new, sa.Enum):
        return isinstance(old, sa.Enum)
    if isinstance(old, sa.String) and isinstance(new, sa.String):
        return not new.length or bool(old.length and old.length <= new.length)
    if isinstance(old, sa.Integer) and isinstance(new, sa.Integer):
        return size(old) <= size(new)
    if isinstance(old, sa.Numeric) and isinstance(new, sa.Numeric):
        return digits(old) <= digits(new) and (old.scale or 0) <= (new.scale or 0)
    return old._type_affinity is new._type_affinity


def digits(kind: sa.Numeric[Any]) -> float:
    """Return the digits before the point."""
    return math.inf if kind.precision is None else kind.precision - (kind.scale or 0)
