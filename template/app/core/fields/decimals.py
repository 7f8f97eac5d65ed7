"""Decimal numbers, exact from the request to the database and back."""

import math
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True)
class FixedPoint:
    """Marks a `Decimal` field: `Annotated[Decimal, FixedPoint(10, 2)]`.

    It has 10 digits, 2 of them after the point. A request may write it as a text or as
    a number; an answer writes it as a text with all places.
    """

    digits: int
    places: int
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The smallest and the largest value that is allowed."""
        largest = (Decimal(10) ** self.digits - 1).scaleb(-self.places)
        low = -largest if self.minimum is None else self.minimum
        return low, largest if self.maximum is None else self.maximum

    @property
    def step(self) -> Decimal:
        """The smallest difference of two values."""
        return Decimal(1).scaleb(-self.places)

    @cached_property
    def pattern(self) -> str:
        """How a value is written as a text; the bounds stand beside it as numbers."""
        sign = "" if self.bounds[0] >= 0 else "-?"
        before = self.digits - self.places
        whole = f"(0|[1-9]{up_to(before - 1, least=0)})" if before else "0"
        fraction = rf"(\.{up_to(self.places, least=1)})?" if self.places else ""
        return f"^{sign}{whole}{fraction}$"

    @cached_property
    def form(self) -> re.Pattern[str]:
        """How any number of so many digits is written."""
        return re.compile(replace(self, minimum=None, maximum=None).pattern)

    def parse(self, value: object) -> Decimal:
        """Read a value; 0.1 + 0.2 is 0.30, as nobody means the last bits of a float.

        Raises:
            ValueError: If it is no number, out of bounds, or has too many places.
        """
        if isinstance(value, float):
            rounded = round(value, self.places) + 0.0
            if math.isclose(value, rounded, rel_tol=1e-14):
                value = f"{rounded:.{self.places}f}"
        if not self.form.fullmatch(str(value)):
            raise ValueError(
                f"must be a number with at most {self.digits - self.places} digits "
                f"before and {self.places} after the point"
            )
        low, high = self.bounds
        number = Decimal(str(value)).quantize(self.step)
        if number < low:
            raise ValueError(f"must not be below {low}")
        if number > high:
            raise ValueError(f"must not be above {high}")
        return number or abs(number)

    def __get_pydantic_core_schema__(
        self, source: type[Decimal], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate by `parse`."""
        inner = handler(source)
        return core_schema.no_info_before_validator_function(self.parse, inner)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe both ways of writing it."""
        low, high = map(float, self.bounds)
        number = {"minimum": low, "maximum": high, "multipleOf": float(self.step)}
        text = {"type": "string", "pattern": self.pattern}
        return {**handler(schema), "anyOf": [{"type": "number", **number}, text]}


def up_to(most: int, least: int) -> str:
    r"""Return a pattern for so many digits; `\d` would be more than ten to some."""
    if most < 2:
        return ("" if most == 0 else "[0-9]") + ("?" if most > least else "")
    return f"[0-9]{{{least},{most}}}"
