"""What schemas share."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
)

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class RequestSchema(BaseModel):
    """A request body: what it does not know is an error, not ignored."""

    model_config = ConfigDict(extra="forbid")


class ResponseSchema(BaseModel):
    """A response body, read from the attributes of an object."""

    model_config = ConfigDict(from_attributes=True)


def drop_defaults(schema: dict[str, Any]) -> None:
    """Remove `null` from the schema of fields that may be absent, but not null."""
    for field in schema["properties"].values():
        field.pop("default", None)


class PatchSchema(RequestSchema):
    """A request body in which every field is `omittable`."""

    model_config = ConfigDict(json_schema_extra=drop_defaults)


def omittable() -> Any:
    """Declare a field that may be left out, but not be null."""
    return Field(default=None)


def to_utc(value: datetime) -> datetime:
    """Convert to UTC.

    Raises:
        ValueError: If the moment does not lie inside the years 1 to 9999 there.
    """
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        moment = FIRST
    # To some drivers, the outermost moments mean infinity.
    if moment in (FIRST, LAST):
        raise ValueError("must lie in the years 1 to 9999")
    return moment


def dated(value: object) -> object:
    """Refuse a bare number: nobody could tell whether it counts seconds or milliseconds.

    Raises:
        ValueError: If the text does not begin like a date (RFC 3339).
    """
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value):
        return value
    raise ValueError(
        "must be a date and time with a time zone, like 2026-01-31T12:00:00Z"
    )


Moment = Annotated[AwareDatetime, BeforeValidator(dated), AfterValidator(to_utc)]


def whole(value: object) -> object:
    """Refuse a date with a time, and a bare number.

    Raises:
        ValueError: If it is no text like a date (RFC 3339).
    """
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return value
    raise ValueError("must be a date, like 2026-01-31")


Day = Annotated[date, BeforeValidator(whole)]
