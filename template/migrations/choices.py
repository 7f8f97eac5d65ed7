"""Rows whose value is none of the choices any more."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from migrations.code import Code, pairs, variable
from migrations.neutral import neutral


class Odd(NamedTuple):
    """Values of a column that rows have, and that it does not know."""

    table: str
    column: str
    values: Sequence[str]
    other: str | None
    """A value that it knows, as Python."""

    def __str__(self) -> str:
        """Return half of a sentence: what to do differs."""
        values = " and ".join(self.values)
        return (
            f"Rows of {self.table} have the {self.column} {values}, which is no choice"
        )


def find_odd(connection: sa.Connection, models: sa.MetaData) -> Iterator[Odd]:
    """Look for them in all tables that are there."""
    database = sa.inspect(connection)
    for table in models.sorted_tables:
        chosen = {
            one: choices
            for one in table.columns
            if (choices := getattr(one.type, "choices", None))
        }
        if not chosen or not database.has_table(table.name):
            continue
        # What is no text yet has its values checked when it becomes one.
        there = {
            one["name"]
            for one in database.get_columns(table.name)
            if isinstance(one["type"], sa.String)
        }
        for column, choices in chosen.items():
            if column.name in there:
                stored = sa.column(column.name, sa.String())
                known = [one.value for one in choices]
                rows = sa.select(stored).select_from(sa.table(table.name, stored))
                unknown = rows.where(stored.not_in(known)).distinct()
                if values := connection.scalars(unknown).all():
                    yield Odd(table.name, column.name, values, neutral(column))


def ask(odd: Odd) -> Code:
    """Write the lines that demand another value for each, and that give it."""
    table, name = variable(odd.table), odd.column
    message = f"{odd}: say below what they get, and delete this check."
    found = f"sa.select({table}).where({table}.c[{name!r}].in_({list(odd.values)!r}))"
    lines = [
        f"{table} = sa.table({odd.table!r}, sa.column({name!r}, sa.String(50)))",
        f"if op.get_bind().execute({found}.limit(1)).first():",
        f"    raise RuntimeError({message!r})",
    ]
    for value in odd.values:
        rows = f"{table}.update().where({table}.c[{name!r}] == {value!r})"
        lines.append(f"op.execute({rows}.values({pairs({name: str(odd.other)})}))")
    return Code(lambda _: "\n".join(lines))
