"""What schemas share."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field


class RequestSchema(BaseModel):
    """A request body: what it does not know is an error, not ignored."""

    model_config = ConfigDict(extra="forbid")


class ResponseSchema(BaseModel):
    """A response body, read from the attributes of an object."""

    model_config = ConfigDict(from_attributes=True)


def omittable() -> Any:
    """Declare a field that may be left out, but not be null."""
    return Field(default=None, json_schema_extra=drop_default)


def drop_default(schema: dict[str, Any]) -> None:
    """Keep `null` out of the documentation of a field that may not be null."""
    del schema["default"]


def to_utc(value: datetime) -> datetime:
    """Convert to UTC.

    Raises:
        ValueError: If the moment lies outside the years that a database can hold.
    """
    try:
        value = value.astimezone(UTC)
    except OverflowError:
        value = datetime.min.replace(tzinfo=UTC)
    if value.year < 1000:
        raise ValueError("must lie in the years 1000 to 9999")
    return value


def places(count: int) -> AfterValidator:
    """Write a decimal with all its places, as the database returns it: 1.5 becomes 1.50."""
    step = Decimal(1).scaleb(-count)
    return AfterValidator(lambda value: value.quantize(step) + 0)


Moment = Annotated[AwareDatetime, AfterValidator(to_utc)]
