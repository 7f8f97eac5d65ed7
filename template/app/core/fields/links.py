"""The ids of what a row is linked to, in bodies."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field

IdT = TypeVar("IdT")

MAX_LINKS = 100
"""Of one row by one field; what has more of them is a resource of its own."""


def refuse_repeated(ids: list[IdT]) -> list[IdT]:
    """Raise `ValueError` if an id is there twice, and return them otherwise."""
    if len(set(ids)) < len(ids):
        raise ValueError("must not have an id twice")
    return ids


LinkIds = Annotated[
    list[IdT],
    Field(max_length=MAX_LINKS, json_schema_extra={"uniqueItems": True}),
    AfterValidator(refuse_repeated),
]
