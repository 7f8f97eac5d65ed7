"""Fields that clients write and never read."""

from typing import Any

from pydantic import Field


class Kept:
    """What stands for the value of a field that is left out."""


def is_kept(value: object) -> bool:
    """Whether a field has been left out."""
    return isinstance(value, Kept)


def keepable() -> Any:
    """Declare a field that stays as it is if a replacement leaves it out.

    Whoever reads a row and sends it back cannot send what was not shown.
    """
    return Field(default_factory=Kept, exclude_if=is_kept)
