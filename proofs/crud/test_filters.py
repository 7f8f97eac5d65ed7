"""Which filters of a query are set."""

from app.core.lists.page import ListQuery
from app.core.lists.sql import filters_of


class FilteredQuery(ListQuery):
    """A list that leaves out what is archived, if nothing else is said."""

    sort: str = "id"
    name: str | None = None
    archived: bool | None = False


def test_what_the_client_does_not_say_has_its_default() -> None:
    assert filters_of(FilteredQuery(limit=5)) == {"archived": False}


def test_what_the_client_says_wins() -> None:
    query = FilteredQuery(name="Lamp", archived=None)
    assert filters_of(query) == {"name": "Lamp"}
