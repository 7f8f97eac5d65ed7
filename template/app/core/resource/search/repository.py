"""Lists that are searched by words, each of which is in one of some texts."""

import re
from collections.abc import Sequence
from typing import ClassVar

from sqlalchemy import Table, and_, or_, select

from app.core.errors import InvalidError
from app.core.fields.text import fold
from app.core.lists.chosen import ChosenIds
from app.core.lists.page import ListQuery
from app.core.lists.sql import is_scan
from app.core.resource.repository import TOO_MANY, EntityT, PageResult, Repository
from app.core.resource.search import finding

MOST = 10
"""Words that are looked for at once."""


def words_of(text: str) -> list[str]:
    """Return the words of a text, in the form by which they are compared."""
    return list(dict.fromkeys(re.findall(r"[^\W_]+", fold(text))))


def ids_with(table: Table, columns: Sequence[str], words: Sequence[str]) -> ChosenIds:
    """Return the ids of rows that have all words, each in one of the columns."""
    found = (finding.holds(table.c[name], words) for name in columns)
    each = (or_(*conditions) for conditions in zip(*found, strict=True))
    values = {"table": table.name, "columns": columns, "words": words}
    return ChosenIds(values, select(table.c.id).where(and_(*each)))


class SearchingRepository(Repository[EntityT]):
    """Reads a table by words.

    Attributes:
        searched: The texts that are searched.
    """

    searched: ClassVar[Sequence[str]]

    async def list(self, query: ListQuery) -> PageResult[EntityT]:
        """Read a page; `q` finds rows of which the texts have all of its words.

        Raises:
            InvalidError: If `q` has no words or too many, or no index helps, and there
                are more than `max_scanned` rows.
        """
        text = getattr(query, "q", None)
        if text is None:
            return await super().list(query)
        words = words_of(text)
        if not 0 < len(words) <= MOST:
            message = f"must have 1 to {MOST} words"
            raise InvalidError("The search is not valid.", fields={"q": [message]})
        looked = query.model_copy(
            update={"q": None, f"{self.searched[0]}__contains": ""}
        )
        is_long = not finding.HAS_INDEX and is_scan(self.model, looked)
        if is_long and await self._count(self._select()) is None:
            raise InvalidError(TOO_MANY, fields={"q": [TOO_MANY]})
        columns = [f"{name}_key" for name in self.searched]
        found = ids_with(self.model.__table__, columns, words)
        return await super().list(query.model_copy(update={"q": None, "id__in": found}))
