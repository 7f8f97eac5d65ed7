"""Lists: what a client can ask for, and a page of the answer."""

from typing import Any, Generic, TypeVar

from pydantic import Field

from app.schemas.base import RequestSchema, ResponseSchema

MAX_INT = 2**31 - 1

ReadT = TypeVar("ReadT")


class ListQuery(RequestSchema):
    """The query parameters of every list; a resource adds its filters and its sort keys.

    A filter is named `field__operation`; see `app.crud.filters`.
    """

    skip: int = Field(default=0, ge=0, le=MAX_INT, description="Entries to leave out.")
    limit: int = Field(default=20, ge=1, le=MAX_INT, description="Entries on the page.")
    total: bool = Field(default=True, description="Whether to count all entries that match.")
    sort: str


class Page(ResponseSchema, Generic[ReadT]):
    """A page of a list."""

    items: list[ReadT]
    total: int | None = Field(description="Entries that match; null if declined and not known.")
    skip: int = Field(description="Entries left out before this page.")
    limit: int = Field(description="The most entries that this page can have.")
    has_more: bool = Field(description="Whether there are entries after this page.")


def sort_keys(*keys: str, default: str) -> Any:
    """Declare the keys that a list can be sorted by.

    Args:
        keys: Names of columns.
        default: The order when the client does not say.
    """
    key = f"-?({'|'.join(keys)})"
    return Field(
        default=default,
        pattern=f"^{key}(,{key}){{0,{len(keys) - 1}}}$",
        description=f"Keys in order of weight, `-` for descending: {', '.join(keys)}.",
        examples=[default],
    )
