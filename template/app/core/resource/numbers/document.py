"""Gives each new row the next number."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from app.core.resource.numbers import counting
from app.core.resource.numbers.counter import NumberCounter
from app.db.base import now


@dataclass(frozen=True)
class DocumentNumber:
    """The default of a column: the next number in the scope of a row.

    The counter is raised in the transaction of the row. So there is no gap: whoever
    fails gives the number back. And who adds to the same scope meanwhile waits.

    Attributes:
        pattern: With `{seq}`, such as `{seq:05}`, and perhaps `{year}`, that of UTC.
    """

    pattern: str

    def __call__(self, context: Any) -> str:
        """Count, within the statement that inserts a row."""
        column, year = context.current_column, str(now().year)
        owner = context.get_current_parameters().get("owner_id")
        key = {
            "name": f"{column.table.name}.{column.name}",
            "scope": str(owner or ""),
            "period": year if "{year}" in self.pattern else "",
        }
        last, first = select(NumberCounter.last).filter_by(**key), 1
        if context.connection.scalar(last) is None:
            before, after = re.split("{seq.*?}", self.pattern.replace("{year}", year))
            first += greatest(context.connection, column, owner, before, after)
        context.connection.execute(counting.add_one(key, first))
        return self.pattern.format(year=year, seq=context.connection.scalar(last))


def greatest(
    connection: Connection, column: Any, owner: object, before: str, after: str
) -> int:
    """Return the greatest number of rows that were there before their counter."""
    rows = select(column).where(column.startswith(before, autoescape=True))
    if owner is not None:
        rows = rows.where(column.table.c.owner_id == owner)
    longest = rows.order_by(func.length(column).desc(), column.desc()).limit(1)
    found = connection.scalar(longest)
    digits = (found or "").removeprefix(before).removesuffix(after)
    return int(digits) if digits.isdecimal() else 0
