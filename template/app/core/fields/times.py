"""Dates with a time and a zone."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def to_utc(value: datetime) -> datetime:
    """Convert to UTC; to some drivers, the outermost moments there mean infinity."""
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        moment = FIRST
    if moment in (FIRST, LAST):
        raise ValueError("must lie in the years 1 to 9999")
    return moment


def dated(value: object) -> object:
    """Refuse a bare number: it could count seconds or milliseconds."""
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value):
        return value
    raise ValueError(
        "must be a date and time with a time zone, like 2026-01-31T12:00:00Z"
    )


Moment = Annotated[AwareDatetime, BeforeValidator(dated), AfterValidator(to_utc)]
