"""Values as cells of a table, which a spreadsheet takes for no formula."""

import json
import re
from typing import Any

FORMULA = re.compile(r"[=+\-@\t\r']")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", re.ASCII)
QUOTE = "'"
"""Stands before what begins like a formula, or like this; alone, it is a blank text."""


def written(value: Any) -> str:
    """Return the cell of a value of JSON; null is empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    is_plain = value and (NUMBER.fullmatch(value) or not FORMULA.match(value))
    return value if is_plain else f"{QUOTE}{value}"


def types_of(schema: Any, definitions: dict[str, Any]) -> set[str]:
    """Return what a schema takes: names of types in JSON."""
    if "$ref" in schema:
        return types_of(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    found = {schema["type"]} if "type" in schema else set()
    for choice in schema.get("anyOf", ()):
        found |= types_of(choice, definitions)
    return found


def read(cell: str, types: set[str]) -> Any:
    """Return the value of a cell that is not empty; what is none stays a text."""
    if "string" in types:
        return cell.removeprefix(QUOTE)
    try:
        return json.loads(cell.lower() if "boolean" in types else cell)
    except (ValueError, RecursionError):
        return cell
