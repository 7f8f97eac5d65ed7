"""The query parameters of lists."""

from collections.abc import Collection
from typing import Annotated, Any, Generic, TypeVar

import structlog
from fastapi import Depends, Query, Request
from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from app.core.errors import InvalidError
from app.core.schemas import RequestSchema, ResponseSchema
from app.core.settings import DEFAULT_PAGE_SIZE, ApiSettings

MAX_CURSOR_LENGTH = 8192
MAX_INT = 2**31 - 1
MAX_SKIP = 10_000
"""More would be read only to be left out: cursors go on from where they are."""

logger = structlog.get_logger()

ReadT = TypeVar("ReadT")


class ListQuery(RequestSchema):
    """Query parameters of every list; a resource adds its filters and sort keys.

    A filter is named `field` or `field__operation`; see `app.core.lists.sql`.
    """

    skip: int = Field(default=0, ge=0, le=MAX_SKIP, description="Entries to leave out.")
    cursor: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9_-]+$",
        max_length=MAX_CURSOR_LENGTH,
        description="Where to go on: the `next_cursor` of a page with the same sort "
        "and filters. In place of `skip`; nothing is counted.",
    )
    limit: int = Field(default=20, ge=1, le=MAX_INT, description="Entries on the page.")
    total: bool = Field(default=True, description="Whether to count all matches.")
    sort: str


def read_known(rows: list[Any], read: ValidatorFunctionWrapHandler) -> Any:
    """Read the rows of a page, and log those that hold what is no value."""
    try:
        return read(rows)
    except ValidationError as error:
        # A field that no row has is a mistake in the code.
        known = (one for one in error.errors() if one["type"] != "missing")
        odd = {one["loc"][0]: one["msg"] for one in known}
    for place, reason in odd.items():
        logger.error("unreadable_row", id=str(rows[int(place)].id), reason=reason)
    return read([row for place, row in enumerate(rows) if place not in odd])


class Page(ResponseSchema, Generic[ReadT]):
    """A page of a list."""

    items: Annotated[list[ReadT], WrapValidator(read_known)]
    total: int | None = Field(
        description="Entries that match; null if declined and not known, if very "
        "many, or after a cursor."
    )
    skip: int = Field(
        description="Entries left out before this page, or since the cursor."
    )
    limit: int = Field(description="The most entries that this page can have.")
    has_more: bool = Field(description="Whether there are entries after this page.")
    next_cursor: str | None = Field(
        description="Where the next page begins; null if there is none."
    )


def sort_keys(
    *indexed: str, without_index: Collection[str] = (), default: str = "-created_at"
) -> Any:
    """Declare sort keys of a list; those without an index sort no long ones."""
    keys = [*indexed, *without_index]
    description = f"Keys by weight, `-` for descending, nulls last: {', '.join(keys)}."
    if without_index:
        slow = ", ".join(without_index)
        description += f" Where entries are not too many, for lack of an index: {slow}."
    key = f"-?({'|'.join(keys)})"
    return Field(
        default=default,
        pattern=f"^{key}(,{key}){{0,{len(keys) - 1}}}$",
        description=description,
        examples=[default],
    )


QueryT = TypeVar("QueryT", bound=ListQuery)


def bound(query: QueryT, settings: ApiSettings) -> QueryT:
    """Apply the settings to the size of a page.

    Raises:
        InvalidError: If the client asks for more than the settings allow, or says twice
            where the page begins.
    """
    if query.cursor and "skip" in query.model_fields_set:
        message = "A cursor says where the page begins."
        raise InvalidError("Send either cursor or skip.", fields={"skip": [message]})
    largest = settings.max_page_size
    if "limit" not in query.model_fields_set:
        return query.model_copy(update={"limit": min(DEFAULT_PAGE_SIZE, largest)})
    if query.limit > largest:
        message = f"Input should be less than or equal to {largest}"
        raise InvalidError("The page is too large.", fields={"limit": [message]})
    return query


def list_query(schema: type[QueryT]) -> Any:
    """Declare the parameters of a list, for `Annotated[OrderQuery, ...]`."""

    async def read(
        request: Request,
        query: Annotated[schema, Query()],  # type: ignore[valid-type]
    ) -> QueryT:
        return bound(query, request.app.state.settings.api)

    return Depends(read)
