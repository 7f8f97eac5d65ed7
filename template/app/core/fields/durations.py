"""Lengths of time, exact to the microsecond."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetJsonSchemaHandler,
    PlainSerializer,
)
from pydantic_core import CoreSchema, to_jsonable_python
from sqlalchemy import BigInteger, Dialect, TypeDecorator

MICROSECOND = timedelta(microseconds=1)
LONGEST = timedelta(days=1_000_000)
"""More than anything that is written so."""


def clock(hours: str, minutes: str, seconds: str) -> str:
    """Return a pattern for what is less than days, at least one of the three."""
    seconds += r"(\.[0-9]{1,6})?S"
    return f"T({hours}H({minutes}M)?({seconds})?|{minutes}M({seconds})?|{seconds})"


BESIDE_DAYS = clock("([01]?[0-9]|2[0-3])", "[0-5]?[0-9]", "[0-5]?[0-9]")
ALONE = clock("[0-9]{1,6}", "[0-9]{1,8}", "[0-9]{1,9}")
PATTERN = f"^P([0-9]{{1,6}}D({BESIDE_DAYS})?|{ALONE})$"
"""A part of ISO 8601: no years and months, which are not always as long."""

PART = re.compile(r"([0-9]+)(?:\.([0-9]+))?([DHMS])")
UNITS = {"D": "days", "H": "hours", "M": "minutes", "S": "seconds"}


def read_duration(value: object) -> timedelta:
    """Read a duration; a bare number could count seconds or minutes."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not re.fullmatch(PATTERN.removesuffix("$"), value):
        raise ValueError("must be a duration in days or less, like PT1H30M or P2D")
    parts = {UNITS[unit]: int(number) for number, _, unit in PART.findall(value)}
    fraction = re.search(r"\.([0-9]+)", value)
    microseconds = int(fraction[1].ljust(6, "0")) if fraction else 0
    return timedelta(**parts, microseconds=microseconds)


def write_duration(value: timedelta) -> str:
    """Write it in days, hours, minutes and seconds; Pydantic would write years."""
    days = timedelta(value.days)
    rest: str = to_jsonable_python(value - days)
    if not days:
        return rest
    return f"P{days.days}D" + (rest.removeprefix("P") if value > days else "")


def limit(value: timedelta) -> timedelta:
    """Refuse what no client could have written."""
    if not timedelta() <= value <= LONGEST:
        raise ValueError("must be a duration of at most a million days")
    return value


class Described:
    """Describes a duration without its format, which has no parts of a second."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Name a pattern in place of the format (RFC 3339, appendix A)."""
        described = handler(schema)
        described.pop("format", None)
        return described | {"pattern": PATTERN}


Duration = Annotated[
    timedelta,
    BeforeValidator(read_duration),
    PlainSerializer(write_duration, when_used="json"),
    Described(),
]


class Microseconds(TypeDecorator[timedelta]):
    """A length of time, stored as a number: it sorts alike on every database."""

    impl = BigInteger
    cache_ok = True
    python_type = timedelta
    value_type = Annotated[timedelta, AfterValidator(limit)]

    def process_bind_param(
        self, value: timedelta | None, _driver: Dialect
    ) -> int | None:
        """Store the microseconds."""
        return None if value is None else value // MICROSECOND

    def process_result_value(
        self, value: int | None, _driver: Dialect
    ) -> timedelta | None:
        """Read the microseconds."""
        return None if value is None else value * MICROSECOND
