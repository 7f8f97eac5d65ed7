"""The column type of fields that are lists of plain values."""

import operator
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import JSON, ColumnElement, Dialect, TypeDecorator

from app.core.resource.scalar_lists import search


class Searched(TypeDecorator.Comparator[list[Any]]):
    """Takes `column == value` for the question whether a list has the value."""

    def operate(
        self, op: Callable[..., Any], *other: Any, **words: Any
    ) -> ColumnElement[Any]:
        """Return the condition of a filter; it is read from all rows."""
        if op is not operator.eq:
            return super().operate(op, *other, **words)
        kind: Any = self.type
        (value,) = kind.values.dump_python([*other], mode="json")
        return search.has(self.expr, value)


class ListOf(TypeDecorator[list[Any]]):
    """A list of values of one type, stored as JSON; never null.

    Args:
        kind: The type of the values, such as `str` or `date`.
    """

    impl = JSON(none_as_null=True)
    cache_ok = True
    comparator_factory = Searched
    python_type = list

    def __init__(self, kind: type[Any]) -> None:
        super().__init__()
        self.kind = kind
        several: Any = list.__class_getitem__(kind)
        self.values = TypeAdapter[list[Any]](several)

    def process_bind_param(self, value: list[Any] | None, _driver: Dialect) -> Any:
        """Store the values as JSON has them."""
        return None if value is None else self.values.dump_python(value, mode="json")

    def process_result_value(self, value: Any, _driver: Dialect) -> list[Any] | None:
        """Read the values.

        Raises:
            ValueError: If one is of another type.
        """
        return None if value is None else self.values.validate_python(value)
