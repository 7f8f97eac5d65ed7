"""Covering arrays: few rows that show every legal choice of `strength` values together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

Row = dict[str, Any]
Values = Mapping[str, Sequence[Any]]
Tuple = tuple[tuple[str, Any], ...]
Legal = Callable[[Row], bool]


def cover(values: Values, strength: int, legal: Legal, done: Sequence[Row]) -> list[Row]:
    """Find rows that, together with `done`, show every legal tuple of `strength` values.

    Greedy and deterministic: each row is grown around the first tuple that is still missing, and
    each further value is the one that shows the most missing tuples.
    """
    missing = dict.fromkeys(legal_tuples(values, strength, legal))
    for row in done:
        _strike(missing, row, values, strength)
    rows: list[Row] = []
    while missing:
        row = _grow(dict(next(iter(missing))), values, strength, legal, missing)
        _strike(missing, row, values, strength)
        rows.append(row)
    return rows


def legal_tuples(values: Values, strength: int, legal: Legal) -> Iterator[Tuple]:
    """All tuples of `strength` values that some legal row shows."""
    for names in combinations(values, min(strength, len(values))):
        for row in product(*(values[name] for name in names)):
            chosen = dict(zip(names, row, strict=True))
            if completion(chosen, values, legal) is not None:
                yield tuple(chosen.items())


def completion(chosen: Row, values: Values, legal: Legal) -> Row | None:
    """The first legal row that holds the chosen values, if there is one."""
    if not legal(chosen):
        return None
    open_names = [name for name in values if name not in chosen]
    if not open_names:
        return chosen
    tries = (completion(chosen | {open_names[0]: v}, values, legal) for v in values[open_names[0]])
    return next((row for row in tries if row is not None), None)


def _grow(row: Row, values: Values, strength: int, legal: Legal, missing: dict[Tuple, None]) -> Row:
    for name in values:
        if name in row:
            continue
        candidates = [row | {name: value} for value in values[name]]
        possible = [c for c in candidates if completion(c, values, legal) is not None]
        row = max(possible, key=lambda c: sum(t in missing for t in _tuples(c, values, strength)))
    return {name: row[name] for name in values}


def _tuples(row: Row, names: Values, strength: int) -> Iterator[Tuple]:
    known = [(name, row[name]) for name in names if name in row]
    return combinations(known, min(strength, len(names)))


def _strike(missing: dict[Tuple, None], row: Row, values: Values, strength: int) -> None:
    for shown in _tuples(row, values, strength):
        missing.pop(shown, None)
