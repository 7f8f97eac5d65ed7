"""Whole numbers, as every database can store them."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

MAX_INT = 2**31 - 1
MIN_INT = -(2**31)

WholeNumber = Annotated[int, Field(ge=MIN_INT, le=MAX_INT)]
"""A number in a query, where all are texts."""


@dataclass(frozen=True)
class Whole:
    """Marks an `int` field: `Annotated[int, Whole(minimum=0)]`; `true` is none."""

    minimum: int = MIN_INT
    maximum: int = MAX_INT

    @staticmethod
    def drop_point(value: object) -> object:
        """Take 3.0 for 3: to JSON Schema they are the same."""
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def __get_pydantic_core_schema__(
        self, _source: type[int], _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate the type, then the bounds."""
        number = core_schema.int_schema(strict=True, ge=self.minimum, le=self.maximum)
        return core_schema.no_info_before_validator_function(self.drop_point, number)
