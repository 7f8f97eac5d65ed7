"""What an answer embeds of other rows, if a client asks for it."""

from typing import Any, TypeVar

from pydantic import Field

NameT = TypeVar("NameT", bound=str)


def refuse_repeated(names: list[NameT]) -> list[NameT]:
    """Raise `ValueError` if a name is there twice, and return them otherwise."""
    if len(set(names)) < len(names):
        raise ValueError("must not have a name twice")
    return names


def embedded() -> Any:
    """Declare the field that holds what was asked for; it is absent without that."""
    return Field(
        default=None,
        exclude_if=lambda included: included is None,
        description="What `include` asks for; absent if it asks for nothing.",
    )
