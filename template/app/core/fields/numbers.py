"""Decimal numbers, exact from the request to the database and back."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


def pattern_between(low: Decimal, high: Decimal, places: int) -> str:
    """Write the pattern for all numbers from `low` to `high`, as JSON writes numbers.

    Args:
        low: The smallest number.
        high: The largest number.
        places: Digits after the point at most; the bounds have no more.
    """
    if low == -high:
        return f"^-?{either(magnitudes(Decimal(0), high, places))}$"
    found = []
    if low < 0:
        found.append(f"-{either(magnitudes(max(-high, Decimal(0)), -low, places))}")
    if high >= 0:
        found.extend(magnitudes(max(low, Decimal(0)), high, places))
    return f"^{either(found)}$"


def magnitudes(low: Decimal, high: Decimal, places: int) -> list[str]:
    """Write patterns for numbers that are not negative."""
    first, after_first = split(low, places)
    last, after_last = split(high, places)
    if first == last:
        return [f"{first}{fraction(after_first, after_last)}"]
    found = []
    if after_first.strip("0"):
        found.append(f"{first}{fraction(after_first, '9' * places)}")
        first += 1
    at_end = []
    if after_last.strip("9"):
        at_end.append(f"{last}{fraction('0' * places, after_last)}")
        last -= 1
    if first <= last:
        found.append(
            f"{either(list(integers(first, last)))}{fraction('0' * places, '9' * places)}"
        )
    return found + at_end


def split(number: Decimal, places: int) -> tuple[int, str]:
    """Return what stands before the point, and the digits after it."""
    whole, _, digits = f"{number:.{places}f}".partition(".")
    return int(whole), digits


def fraction(low: str, high: str) -> str:
    """Write the pattern for what stands after a whole number, the point included."""
    if not low:
        return ""
    if low.strip("0"):
        return rf"\.{digits_between(low, high, may_end=True)}"
    if not high.strip("9"):
        return rf"(\.{any_digits(1, len(low))})?"
    return rf"(\.{digits_between(low, high, may_end=True)})?"


def integers(first: int, last: int) -> Iterator[str]:
    """Write patterns for whole numbers, those of as many digits as possible at once."""
    if first == 0:
        yield "0"
        first = 1
    while first <= last:
        size = len(str(first))
        longest = len(str(last + 1)) - 1
        if first == 10 ** (size - 1) and size <= longest:
            yield rf"[1-9]{any_digits(size - 1, longest - 1)}"
            first = 10**longest
        else:
            end = min(last, 10**size - 1)
            yield digits_between(str(first), str(end), may_end=False)
            first = end + 1


def digits_between(low: str, high: str, *, may_end: bool) -> str:
    """Write the pattern for digits from `low` to `high`, which have as many.

    Args:
        low: The first.
        high: The last.
        may_end: Whether zeros at the end may be left out, but not all digits.
    """
    first, last = int(low[0]), int(high[0])
    if first == last:
        return f"{first}{following(low[1:], high[1:], may_end=may_end)}"
    nothing, all_nines = "0" * len(low[1:]), "9" * len(low[1:])
    found, at_end = [], []
    if low[1:] != nothing:
        found.append(f"{first}{following(low[1:], all_nines, may_end=may_end)}")
        first += 1
    if high[1:] != all_nines:
        at_end.append(f"{last}{following(nothing, high[1:], may_end=may_end)}")
        last -= 1
    if first <= last:
        found.append(
            f"{one_of(first, last)}{following(nothing, all_nines, may_end=may_end)}"
        )
    return either(found + at_end)


def following(low: str, high: str, *, may_end: bool) -> str:
    """Write the pattern for the digits after the first one."""
    if not low.strip("0") and not high.strip("9"):
        return any_digits(0 if may_end else len(low), len(low))
    pattern = digits_between(low, high, may_end=may_end)
    return f"({pattern})?" if may_end and not low.strip("0") else pattern


def one_of(first: int, last: int) -> str:
    r"""Write the pattern for one digit; `\d` would be more than ten digits to some."""
    return f"[{first}-{last}]" if first < last else f"{first}"


def any_digits(least: int, most: int) -> str:
    """Write the pattern for so many digits, whichever they are."""
    if most == 0:
        return ""
    if most == 1:
        return "[0-9]" if least else "[0-9]?"
    return f"[0-9]{{{least},{most}}}" if least < most else f"[0-9]{{{most}}}"


def either(patterns: list[str]) -> str:
    """Write the pattern for what fits one of several."""
    return patterns[0] if len(patterns) == 1 else f"({'|'.join(patterns)})"


MAX_INT = 2**31 - 1
MIN_INT = -(2**31)

WholeNumber = Annotated[int, Field(ge=MIN_INT, le=MAX_INT)]
"""A number in a query, where all are texts."""


@dataclass(frozen=True)
class Whole:
    """Marks an `int` field of a body: `Annotated[int, Whole(minimum=0)]`; `true` is none.

    Attributes:
        minimum: The smallest value.
        maximum: The largest value.
    """

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


@dataclass(frozen=True)
class FixedPoint:
    """Marks a `Decimal` field: `Annotated[Decimal, FixedPoint(10, 2)]`.

    A request may write it as a text or as a number; an answer writes it as a text with
    all places.

    Attributes:
        digits: Digits altogether.
        places: Digits after the point.
        minimum: The smallest value, if not all that have so many digits are allowed.
        maximum: The largest value, likewise.
    """

    digits: int
    places: int
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    @property
    def largest(self) -> Decimal:
        """The largest value that has no more digits."""
        return (Decimal(10) ** self.digits - 1).scaleb(-self.places)

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The smallest and the largest value that is allowed."""
        low = -self.largest if self.minimum is None else self.minimum
        return low, self.largest if self.maximum is None else self.maximum

    @cached_property
    def pattern(self) -> str:
        """How the value is written as a text."""
        return pattern_between(*self.bounds, self.places)

    @cached_property
    def form(self) -> re.Pattern[str]:
        """How any number of so many digits is written."""
        return re.compile(pattern_between(-self.largest, self.largest, self.places))

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
                f"must be a number with at most {self.digits - self.places} digits before and "
                f"{self.places} after the point"
            )
        low, high = self.bounds
        number = Decimal(str(value)).quantize(Decimal(1).scaleb(-self.places))
        if number < low:
            raise ValueError(f"must not be below {low}")
        if number > high:
            raise ValueError(f"must not be above {high}")
        return number or abs(number)

    def __get_pydantic_core_schema__(
        self, source: type[Decimal], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate by `parse`."""
        return core_schema.no_info_before_validator_function(
            self.parse, handler(source)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe both ways of writing it."""
        low, high = map(float, self.bounds)
        number = {
            "type": "number",
            "minimum": low,
            "maximum": high,
            "multipleOf": float(Decimal(1).scaleb(-self.places)),
        }
        return {
            **handler(schema),
            "anyOf": [number, {"type": "string", "pattern": self.pattern}],
        }
