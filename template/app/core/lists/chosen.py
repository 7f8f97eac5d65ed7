"""Rows that a list is narrowed to by a query of its own."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select


class ChosenIds(dict[str, Any]):
    """The ids that a query finds, as a filter such as `id__in` of a list.

    It has the plain values that the query is made of, as a cursor is tied to them.
    """

    def __init__(self, values: Mapping[str, Any], ids: Select[Any]) -> None:
        super().__init__(values)
        self._ids = ids

    def __clause_element__(self) -> Select[Any]:
        """Return the query that finds the ids: SQLAlchemy asks for it."""
        return self._ids
