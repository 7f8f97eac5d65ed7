"""Reads values of one type as values of another, by the text that the API shows."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import TypeAdapter

from app.db.base import UTCDateTime
from migrations.neutral import LENGTH_OF_UUID, python_type

TRUE, FALSE = ("true", "yes", "1"), ("false", "no", "0")
BOOLEANS = dict.fromkeys(TRUE, True) | dict.fromkeys(FALSE, False)


class Microseconds(sa.TypeDecorator[timedelta]):
    """A length of time as its number; a migration stays when the app's type goes."""

    impl = sa.BigInteger
    cache_ok = True
    python_type = timedelta

    def process_bind_param(
        self, value: timedelta | None, _driver: sa.Dialect
    ) -> int | None:
        """Store the microseconds."""
        return None if value is None else value // timedelta(microseconds=1)

    def process_result_value(
        self, value: int | None, _driver: sa.Dialect
    ) -> timedelta | None:
        """Read the microseconds."""
        return None if value is None else timedelta(microseconds=value)


def number(text: str) -> Decimal:
    """Read a number."""
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text):
        raise ValueError("is no number")
    return Decimal(text)


def moment(text: str) -> datetime:
    """Read a point in time; a day stands for its first moment."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None and ":" in text:
        raise ValueError("has no time zone")
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def clock(text: str) -> time:
    """Read a time of day in whole seconds."""
    found = time.fromisoformat(text)
    if found.tzinfo or found.microsecond or ":" not in text:
        raise ValueError("is no time of day")
    return found


def duration(text: str) -> timedelta:
    """Read a length of time in days and less, which are always as long."""
    if not re.fullmatch(r"P([0-9]+D)?(T[0-9HMS.]+)?", text):
        raise ValueError("is no duration")
    return TypeAdapter(timedelta).validate_python(text)


def json_object(text: str) -> dict[str, Any]:
    """Read a JSON object."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError("is no object")
    return found


READ: Mapping[type, Callable[[str], Any]] = {
    str: str,
    int: lambda text: int(number(text)),
    float: lambda text: float(number(text)),
    Decimal: number,
    bool: lambda text: BOOLEANS[text.lower()],
    date: lambda text: moment(text).date(),
    datetime: moment,
    time: clock,
    timedelta: duration,
    UUID: UUID,
    dict: json_object,
}
"""How a text is read, by the type of the values; what fails does not convert."""

COMPARED: Mapping[type, Callable[[str], Any]] = {
    str: str,
    int: number,
    float: number,
    Decimal: number,
    date: moment,
}
"""By what a text and the value read from it are the same, where a part can be lost."""

NUMBERS = (int, float, Decimal)


def written(value: Any) -> str:
    """Write a value as the API shows it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        fraction = f".{value.microseconds:06}" if value.microseconds else ""
        return f"P{value.days}DT{value.seconds}{fraction}S"
    if isinstance(value, float):
        value = Decimal(repr(value))
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def read(value: Any, kind: sa.types.TypeEngine[Any]) -> tuple[Any, bool]:
    """Read a value as one of another type; tell whether nothing of it is lost.

    Raises:
        ValueError: If it is none.
    """
    target = python_type(kind)
    if isinstance(value, bool) and target in NUMBERS:
        value = int(value)
    text = written(value)
    try:
        new = fitted(READ[target](text), kind)
    except (ArithmeticError, KeyError, TypeError) as error:
        raise ValueError(str(error)) from error
    # The zeros before a number are a part of a text.
    compared = str if (type(value), target) == (str, int) else COMPARED.get(target)
    return new, not compared or compared(text) == compared(written(new))


def fitted(value: Any, kind: Any) -> Any:
    """Cut a value to the size of a type.

    Raises:
        ValueError: If it is too large, or no choice.
    """
    if isinstance(kind, sa.Enum):
        if value not in kind.enums:
            raise ValueError("is no choice")
    elif isinstance(value, str):
        return value[: kind.length]
    elif isinstance(value, Decimal) and kind.scale is not None:
        value = value.quantize(Decimal(1).scaleb(-kind.scale))
        if kind.precision and len(value.as_tuple().digits) > kind.precision:
            raise ValueError("has too many digits")
    elif isinstance(kind, sa.Integer) and not -limit(kind) <= value < limit(kind):
        raise ValueError("is too large")
    return value


def limit(kind: sa.Integer) -> int:
    """Return what a whole number is below."""
    return 1 << (8 * size(kind) - 1)


def size(kind: sa.Integer) -> int:
    """Return the bytes of a whole number."""
    if isinstance(kind, sa.SmallInteger):
        return 2
    return 8 if isinstance(kind, sa.BigInteger) else 4


def plain(kind: Any) -> Any:
    """Return what a database's own type stands for, so that values are read alike."""
    if isinstance(kind, sa.CHAR) and kind.length == LENGTH_OF_UUID:
        return sa.Uuid()
    if getattr(kind, "display_width", None) == 1:
        return sa.Boolean()
    if isinstance(kind, sa.TypeDecorator):
        if (
            isinstance(kind.impl_instance, sa.BigInteger)
            and python_type(kind) is timedelta
        ):
            return Microseconds()
        return kind if isinstance(kind, UTCDateTime) else plain(kind.impl_instance)
    found = kind.as_generic(allow_nulltype=True)
    if isinstance(found, sa.DateTime):
        return UTCDateTime()
    if isinstance(found, sa.Float):
        return sa.Double()
    # A text may be of a type that has its length in its name.
    return kind if type(found) is sa.String and not found.length else found
