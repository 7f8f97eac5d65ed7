"""Times of day, without a day and without a zone."""

import re
from datetime import time
from typing import Annotated

from pydantic import BeforeValidator, Field
from sqlalchemy import Dialect, Time, TypeDecorator

PATTERN = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"


def read_time(value: object) -> time:
    """Read a time in whole seconds; those may be left out."""
    if isinstance(value, time):
        return value
    if isinstance(value, str) and re.fullmatch(PATTERN.removesuffix("$"), value):
        return time.fromisoformat(value)
    raise ValueError("must be a time of day without a zone, like 14:30:00")


TimeOfDay = Annotated[
    time,
    BeforeValidator(read_time),
    # The format `time` of JSON Schema has a zone.
    Field(json_schema_extra={"format": "time-local", "pattern": PATTERN}),
]


class ClockTime(TypeDecorator[time]):
    """A time of day, in whole seconds: not all databases round a part of one alike."""

    impl = Time
    cache_ok = True
    value_type = TimeOfDay

    def process_bind_param(self, value: time | None, _driver: Dialect) -> time | None:
        """Store it.

        Raises:
            ValueError: If it has a time zone, or a part of a second.
        """
        if value is not None and (value.tzinfo or value.microsecond):
            raise ValueError("A time of day has whole seconds, and no time zone.")
        return value
