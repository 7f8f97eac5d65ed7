"""Whole numbers, as every database can store them."""

from typing import Annotated

from pydantic import BeforeValidator, Field


def drop_point(value: object) -> object:
    """Take 3.0 for 3: to JSON Schema they are the same."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


WholeNumber = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Whole = Annotated[WholeNumber, Field(strict=True), BeforeValidator(drop_point)]
