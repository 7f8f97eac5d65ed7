"""Reads the SQL of defaults and of checks, as far as the language can say it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

NUMBER = r"-?\d+(?:\.\d+)?"
NAME = r"[\w$]+"
CAST = re.compile(
    r'::(?:character varying|double precision|"[^"]+"|[a-z]\w*(?: with(?:out)? time zone)?)'
    r"(?:\(\d+(?:,\d+)?\))?(?:\[\])?"
)
OPERATORS = {">": "min", ">=": "min", "<": "max", "<=": "max"}
TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


@dataclass
class Said:
    """What checks say: bounds and values by column, comparisons of two, and what holds JSON."""

    bounds: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    compared: list[tuple[str, str, str]] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)


def bare(sql: str) -> str:
    """Remove quotes around names, casts, and brackets around one value or all of it."""
    text = CAST.sub(" ", " ".join(sql.split()))
    text = re.sub(r'["`]|_utf8mb[34](?=\')|\[(?=\w+\])|(?<=\w)\]', "", text)
    text = re.sub(rf"(?<![\w ])\(({NUMBER}|{NAME})\)|(?<=[<>=(]) \(({NUMBER})\)", r"\1\2", text)
    text = " ".join(text.split())
    while text.startswith("(") and _closes_last(text):
        text = text[1:-1].strip()
    return text


def _closes_last(text: str) -> bool:
    depth = 0
    for place, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return place == len(text) - 1
    return False


def literal(default: str | None) -> str | None:
    """Return the value of a default, or nothing if it is computed."""
    if default is None:
        return None
    text = bare(default)
    if quoted := re.fullmatch(r"b?'((?:[^']|'')*)'", text):
        return quoted[1].replace("''", "'")
    return text if re.fullmatch(rf"{NUMBER}|true|false", text, re.IGNORECASE) else None


def check(sql: str) -> Said | None:
    """Read one check, whose parts may be joined by `and`; nothing if a part is not understood."""
    said = Said()
    text = re.sub(
        rf"({NAME}) between ({NUMBER}) and ({NUMBER})",
        r"\1 >= \2 and \1 <= \3",
        bare(sql),
        flags=re.IGNORECASE,
    )
    for part in re.split(r"\band\b", text, flags=re.IGNORECASE):
        if not _part(bare(part), said):
            return None
    return said


def _part(text: str, said: Said) -> bool:
    if found := re.fullmatch(rf"({NAME}) (>=?|<=?) ({NUMBER})", _spaced(text)):
        name, operator, number = found.groups()
        return _bound(said, name, operator, number)
    if found := re.fullmatch(rf"({NUMBER}) (>=?|<=?) ({NAME})", _spaced(text)):
        number, operator, name = found.groups()
        return _bound(said, name, TURNED[operator], number)
    if found := re.fullmatch(rf"({NAME}) (>=?|<=?) ({NAME})", _spaced(text)):
        first, operator, second = found.groups()
        said.compared.append((first, operator, second))
        return True
    if found := re.fullmatch(rf"json_valid\(({NAME})\)", text, re.IGNORECASE):
        said.documents.add(found[1])
        return True
    among = rf"\(?({NAME})\)? (?:in|= ?any)[( ]+(?:array\[)?((?:'[^']*'[ ,]*)+)[\]) ]+"
    if found := re.fullmatch(among, text, re.IGNORECASE):
        said.values[found[1]] = re.findall(r"'([^']*)'", found[2])
        return True
    return False


def _bound(said: Said, name: str, operator: str, number: str) -> bool:
    """Keep a bound; of one that is excluded itself, the word says so."""
    key = OPERATORS[operator] + ("" if "=" in operator else " excluded")
    said.bounds.setdefault(name, {})[key] = number
    return True


def _spaced(text: str) -> str:
    return re.sub(r"\s*(>=?|<=?)\s*", r" \1 ", text)
