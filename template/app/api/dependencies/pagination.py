"""The query parameters of lists."""

from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request

from app.core.errors import InvalidError
from app.core.settings.pagination import PaginationSettings
from app.schemas.page import ListQuery

QueryT = TypeVar("QueryT", bound=ListQuery)


def bound(query: QueryT, settings: PaginationSettings) -> QueryT:
    """Apply the settings to the size of a page.

    Raises:
        InvalidError: If the client asks for more than the settings allow, or says twice where the
            page begins.
    """
    if query.cursor and "skip" in query.model_fields_set:
        message = "A cursor says where the page begins."
        raise InvalidError("Send either cursor or skip.", fields={"skip": [message]})
    if "limit" not in query.model_fields_set:
        return query.model_copy(update={"limit": settings.default_limit})
    if query.limit > settings.max_limit:
        message = f"Input should be less than or equal to {settings.max_limit}"
        raise InvalidError("The page is too large.", fields={"limit": [message]})
    return query


def list_query(schema: type[QueryT]) -> Any:
    """Declare the query parameters of a list.

    Args:
        schema: The resource's own parameters: `Annotated[OrderQuery, list_query(OrderQuery)]`.
    """

    async def read(
        request: Request,
        query: Annotated[schema, Query()],  # type: ignore[valid-type]
    ) -> QueryT:
        return bound(query, request.app.state.settings.pagination)

    return Depends(read)
