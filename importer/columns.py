"""What a column is in the language: a type with its words."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.types import TypeEngine

from importer.expressions import NUMBER, Said, bare, literal
from importer.reading import Column

Field = dict[str, Any]
"""A field in its long form."""

Note = Callable[[str], None]
Maker = Callable[[Any, Note], Field]
LONGEST_STR, LONGEST_TEXT, LONGEST_KEY = 2000, 100_000, 255
MOST_DIGITS = 15
NUMBERS = ("decimal", "float", "int")
HAVE_DEFAULTS = ("bool", "decimal", "enum", "float", "int", "str", "text")


class Email(sa.String):
    """A text that is an address, of which an OpenAPI document says so."""


class Url(sa.String):
    """A text that is a URL."""


def field(column: Column, said: Said, note: Note, *, unique: bool) -> Field | None:
    """Return the field for a column, or nothing if the language has no such type.

    Args:
        column: What the database says.
        said: What its checks say.
        note: Takes what cannot be said, as the end of a sentence.
        unique: Whether the column is unique, by itself or together with others.
    """
    found = _typed(column.type, note)
    if found is None:
        return None
    if column.name in said.documents and found["type"] == "text":
        found = {"type": "json"}
    if column.name in said.values and found["type"] in ("str", "text"):
        found = {"type": "enum", "values": said.values[column.name]}
    if unique and found["type"] in ("str", "text") and found.get("length", 0) > LONGEST_KEY:
        note(f"is str({LONGEST_KEY}), as longer texts cannot be unique")
        found = {"type": "str", "length": LONGEST_KEY}
    _bounded(found, said.bounds.get(column.name, {}), note)
    if column.nullable:
        found["optional"] = True
    _defaulted(found, column, note)
    return found | dict.fromkeys(column.words, True)


def is_number(column: Column) -> bool:
    """Whether it holds whole numbers, as keys do that a database counts."""
    kind = column.type
    return isinstance(kind, sa.Integer) or (isinstance(kind, sa.Numeric) and kind.scale == 0)


def _typed(kind: TypeEngine[Any], note: Note) -> Field | None:
    """Return the type; the first that fits counts, as some are others too."""
    if isinstance(kind, postgresql.DOMAIN):
        note(f"is of the domain {kind.name}, whose own rules are left out")
        return _typed(kind.data_type, note)
    if isinstance(kind, mysql.SET):
        note(f"is a set of {', '.join(map(str, kind.values))}, kept as a text")
        return {"type": "str", "length": max(1, len(",".join(map(str, kind.values))))}
    for types, make in MAKERS:
        if isinstance(kind, types):
            return make(kind, note)
    return None


def _plain(name: str) -> Maker:
    return lambda _kind, _note: {"type": name}


def _whole(kind: sa.Integer, note: Note) -> Field:
    if isinstance(kind, mysql.TINYINT) and kind.display_width == 1:
        return {"type": "bool"}
    unsigned = getattr(kind, "unsigned", False)
    small = isinstance(kind, sa.SmallInteger | mysql.TINYINT | mysql.MEDIUMINT)
    if isinstance(kind, sa.BigInteger) or (unsigned and not small):
        note("is a whole number of 32 bits")
    return {"type": "int", "min": 0} if unsigned else {"type": "int"}


def _moment(kind: sa.DateTime, note: Note) -> Field:
    if not kind.timezone:
        note("has no time zone, and is read as UTC")
    return {"type": "datetime"}


def _decimal(kind: sa.Numeric[Any], note: Note) -> Field:
    if kind.scale == 0:
        if (kind.precision or 0) > 9:
            note("is a whole number of 32 bits")
        return {"type": "int"}
    digits = min(kind.precision or MOST_DIGITS, MOST_DIGITS)
    places = min(2 if kind.scale is None else kind.scale, digits - 1)
    if (kind.precision, kind.scale) != (digits, places):
        note(f"is decimal({digits},{places})")
    return {"type": "decimal", "digits": digits, "places": places}


def _text(kind: TypeEngine[Any], _note: Note) -> Field:
    length = getattr(kind, "length", None)
    if length and length <= LONGEST_STR and not isinstance(kind, sa.Text):
        return {"type": "str", "length": length}
    return {"type": "text", "length": min(length or 10_000, LONGEST_TEXT)}


MAKERS: tuple[tuple[tuple[type[Any], ...], Maker], ...] = (
    ((sa.Enum,), lambda kind, _: {"type": "enum", "values": list(kind.enums)}),
    ((sa.Boolean,), _plain("bool")),
    ((sa.Float,), _plain("float")),
    ((sa.Integer,), _whole),
    ((sa.Numeric,), _decimal),
    ((mysql.YEAR,), lambda _kind, _note: {"type": "int", "min": 0}),
    ((sa.DateTime,), _moment),
    ((sa.Date,), _plain("date")),
    ((sa.Time,), _plain("time")),
    ((sa.Interval, postgresql.INTERVAL), _plain("duration")),
    ((sa.Uuid,), _plain("uuid")),
    ((sa.JSON,), _plain("json")),
    ((Email,), _plain("email")),
    ((Url,), _plain("url")),
    ((sa.String, postgresql.CITEXT), _text),
)


def _bounded(found: Field, bounds: dict[str, str], note: Note) -> None:
    """Add bounds; one that is excluded itself becomes the nearest that is not."""
    for word, number in bounds.items():
        key, _, excluded = word.partition(" ")
        step = {"int": Decimal(1), "decimal": Decimal(10) ** -found.get("places", 0)}
        if found["type"] not in (*step, "float") or (excluded and found["type"] == "float"):
            note(f"has a bound by {number}, which is left out")
            continue
        bound = Decimal(number)
        if excluded:
            bound += step[found["type"]] * (1 if key == "min" else -1)
        found[key] = str(int(bound)) if found["type"] == "int" else str(bound)


def _defaulted(found: Field, column: Column, note: Note) -> None:
    if column.default is None or bare(column.default).upper() == "NULL":
        return
    value = literal(column.default) or ""
    kind = found["type"]
    is_given = literal(column.default) is not None and kind in HAVE_DEFAULTS
    is_number = re.fullmatch(NUMBER, value) is not None
    if not is_given or (value == "" and kind != "text") or (kind in NUMBERS and not is_number):
        shown = " ".join(column.default.split())
        note(f"has the default {shown[:60]}, which is left out")
        return
    if kind == "bool":
        value = {"1": "true", "0": "false"}.get(value, value.lower())
    found["default"] = str(int(Decimal(value))) if kind == "int" else value
