"""What a list says besides, so that a project keeps its rows in the tables that are there."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.types import TypeEngine

from importer.columns import Field, is_number
from importer.reading import Column, Table

ADDED = ("row_version", "created_at", "updated_at")
"""Columns that a project adds to each table."""

NAME = r"[A-Za-z_][A-Za-z0-9_ .$()/-]{0,62}"
"""What the language takes as the name of a constraint."""

BITS = ((mysql.TINYINT, 8), (mysql.MEDIUMINT, 24), (sa.SmallInteger, 16))


def reason_against(table: Table, dialect: str) -> str | None:
    """Return why a table cannot be adopted, as the end of a sentence; nothing if it can."""
    if "row_version" in table.columns:
        return "has a column row_version, as if it were adopted already, and is left out"
    for name in ADDED[1:]:
        column = table.columns.get(name)
        if column and not _is_moment(column.type, dialect):
            return f"has a column {name} that is no moment in UTC, and is left out"
    return None


def identity(table: Table) -> dict[str, str]:
    """Return the keys `table`, `id` and `id_column` of a resource, as far as they are needed."""
    found = {"table": table.name}
    key = id_column(table)
    if key is None:
        return found | ({"id_column": "row_id"} if "id" in table.columns else {})
    if is_number(table.columns[key]):
        found["id"] = "integer"
    return found | ({"id_column": key} if key != "id" else {})


def id_column(table: Table) -> str | None:
    """Return the key that can be the id of a resource: numbers or UUIDs that refer to nothing."""
    if len(table.primary) != 1:
        return None
    column = table.columns[table.primary[0]]
    refers = any(column.name in key.columns for key in table.foreign)
    fits = is_number(column) or isinstance(column.type, sa.Uuid)
    return column.name if fits and not refers else None


def fit(new: Field | None, column: Column, dialect: str) -> Field | None:
    """Return a field that a column can hold as it is, or nothing."""
    kind = column.type
    if new is None or isinstance(kind, postgresql.ENUM | sa.Interval | postgresql.INTERVAL):
        return None
    if new["type"] == "datetime" and not _is_moment(kind, dialect):
        return None
    if new["type"] == "int":
        _bound(new, kind)
    return new


def _bound(new: Field, kind: TypeEngine[Any]) -> None:
    """Add what a small column can hold at most."""
    bits = next((bits for one, bits in BITS if isinstance(kind, one)), None)
    if bits:
        unsigned = getattr(kind, "unsigned", False)
        new.setdefault("min", "0" if unsigned else str(-(2 ** (bits - 1))))
        new.setdefault("max", str(2 ** (bits if unsigned else bits - 1) - 1))


def _is_moment(kind: TypeEngine[Any], dialect: str) -> bool:
    """Whether a project reads it as a moment in UTC; PostgreSQL says itself if it is one."""
    return isinstance(kind, sa.DateTime) and (dialect != "postgresql" or bool(kind.timezone))


def name_constraints(resources: list[dict[str, Any]], tables: list[Table], dialect: str) -> None:
    """Say what is called how that the database names when it refuses a row."""
    for one in resources:
        table = next(each for each in tables if each.name == one["table"])
        names = {field["column"]: name for name, field in one["fields"].items()}
        of_key = [("unique", "PRIMARY", table.primary)] if dialect == "mysql" else []
        found: dict[str, str | list[str]] = {}
        for kind, name, columns in [*of_key, *table.called]:
            fields = [names[column] for column in columns if column in names]
            refers = [field for field in fields if one["fields"][field]["type"] == "ref"]
            if len(fields) < len(columns) or name == "None" or not re.fullmatch(NAME, name):
                continue
            if kind == "unique":
                found[name] = fields
            elif len(refers) == len(fields) == 1:
                found[name] = refers[0]
        if found:
            one["constraints"] = found
            one["fields"] = one.pop("fields")


def strip(resources: list[dict[str, Any]]) -> None:
    """Leave out what columns are called where that is the name of the field."""
    for one in resources:
        for name, field in one["fields"].items():
            if field.get("column") == name + ("_id" if field["type"] == "ref" else ""):
                del field["column"]


def without_value(resources: list[dict[str, Any]], tables: list[Table]) -> list[str]:
    """Return a sentence for each column that must have a value, and that no field gives one."""
    found = []
    for one in resources:
        table = next(each for each in tables if each.name == one["table"])
        given = {field["column"] for field in one["fields"].values()} | {*ADDED}
        given.add(one.get("id_column", "id"))
        for column in table.columns.values():
            has_own = column.nullable or column.default or column.computed
            if column.name not in given and not has_own:
                found.append(
                    f"{table.name}.{column.name} must have a value, and no field gives it one: "
                    f"rows can be read and changed, and none be made."
                )
    return found
