"""Decimal numbers, exact from the request to the database and back."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True)
class FixedPoint:
    """Marks a `Decimal` field: `Annotated[Decimal, FixedPoint(10, 2)]`.

    A request may write it as a text or as a number; an answer writes it as a text with all places.

    Attributes:
        digits: Digits altogether.
        places: Digits after the point.
        minimum: The smallest value.
    """

    digits: int
    places: int
    minimum: Decimal | None = None

    @property
    def maximum(self) -> Decimal:
        """The largest value that has no more digits."""
        return (Decimal(10) ** self.digits - 1).scaleb(-self.places)

    @property
    def pattern(self) -> str:
        """How the value is written as a text."""
        sign = "" if self.minimum is not None and self.minimum >= 0 else "-?"
        return rf"^{sign}{self.unsigned}$"

    @property
    def unsigned(self) -> str:
        """How the digits are written."""
        return rf"\d{{1,{self.digits - self.places}}}(\.\d{{1,{self.places}}})?"

    def parse(self, value: object) -> Decimal:
        """Read a value; 0.1 + 0.2 is 0.30, as nobody means the last bits of a float.

        Raises:
            ValueError: If it is no number, out of bounds, or has too many places.
        """
        if isinstance(value, float):
            rounded = round(value, self.places) + 0.0
            if math.isclose(value, rounded, rel_tol=1e-14):
                value = f"{rounded:.{self.places}f}"
        if not re.fullmatch(f"-?{self.unsigned}", str(value), re.ASCII):
            raise ValueError(
                f"must be a number with at most {self.digits - self.places} digits before and "
                f"{self.places} after the point"
            )
        number = Decimal(str(value)).quantize(Decimal(1).scaleb(-self.places))
        if self.minimum is not None and number < self.minimum:
            raise ValueError(f"must not be below {self.minimum}")
        return number

    def __get_pydantic_core_schema__(
        self, source: type[Decimal], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate by `parse`."""
        return core_schema.no_info_before_validator_function(self.parse, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe both ways of writing it."""
        number = {
            "type": "number",
            "minimum": float(-self.maximum if self.minimum is None else self.minimum),
            "maximum": float(self.maximum),
            "multipleOf": float(Decimal(1).scaleb(-self.places)),
        }
        return {"anyOf": [number, {"type": "string", "pattern": self.pattern}]}
