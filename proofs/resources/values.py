"""Values of each type: in order, at the bounds, and refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from proofs.resources.answer import Field

INT_MIN, INT_MAX = -(2**31), 2**31 - 1
DAY = date(2026, 3, 1)
MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def number(field: Field, n: int) -> float:
    """Return the n-th number between the bounds, as far as there are so many."""
    low, high = bounds(field)
    start = low if field.min is not None else min(10.0, high - 100)
    start = max(start, low)
    step = 1.0 if high - start >= 100 or field.type == "int" else (high - start) / 100
    step = max(step, 10.0**-field.places) if field.type == "decimal" else step
    return min(start + n * step, high)


def bounds(field: Field) -> tuple[float, float]:
    """Return the lowest and the highest number that a field takes."""
    if field.type == "int":
        low, high = float(INT_MIN), float(INT_MAX)
    elif field.type == "decimal":
        high = (10**field.digits - 1) / 10**field.places
        low = -high
    else:
        low, high = -1e15, 1e15
    return (
        low if field.min is None else field.min,
        high if field.max is None else field.max,
    )


def written(field: Field, value: float) -> Any:
    """Return a number as the API shows it."""
    if field.type == "decimal":
        return f"{value:.{field.places}f}"
    return int(value) if field.type == "int" else float(value)


def text(length: int, n: int) -> str:
    """Return the n-th text that is not too long; each sorts after the one before."""
    letter = chr(ord("a") + n % 26)
    return f"{letter}nimal {n}" if length >= 12 else (letter * length)[:3]


def moment(field: Field, n: int) -> str:
    """Return the n-th day, time or length of time."""
    return {
        "date": str(DAY + timedelta(days=n)),
        "datetime": (MOMENT + timedelta(days=n)).isoformat().replace("+00:00", "Z"),
        "time": f"{n // 60 % 24:02}:{n % 60:02}:30",
        "duration": f"PT{1 + n % 20}H{n // 20 + 1}M",
    }[field.type]


def item(field: Field) -> Field:
    """Return what one value of a list would be as a field."""
    return replace(field, type=field.of, of="", min=None, max=None)


def value(field: Field, n: int) -> Any:
    """Return the n-th value of a field that refers to nothing: JSON, as it is shown.

    The next one is greater, where values have an order and there are enough of them.
    """
    match field.type:
        case "int" | "float" | "decimal":
            return written(field, number(field, n))
        case "str" | "text":
            found = text(field.length, n)
            return found.replace(" ", "-") if field.in_paths else found
        case "email":
            return f"{text(9, n)}{n}@example.com"
        case "url":
            return f"https://example.com/{n}"
        case "bool":
            return n % 2 == 1
        case "date" | "datetime" | "time" | "duration":
            return moment(field, n)
        case "list":
            both = [value(item(field), one) for one in (n, n + 100)]
            return both[: int(field.max or 2)]
        case "uuid":
            return f"0194bb7e-91a0-7c3e-9d52-{n:012x}"
        case "enum":
            return field.values[n % len(field.values)]
        case _:
            return {"size": n, "nested": [None, {"é": 1.5}]}


TAKEN: dict[str, list[tuple[Any, Any]]] = {
    "email": [("ADA@Example.COM", "ada@example.com")],
    "url": [
        ("http://a.example:65535/?q=1#f",) * 2,
        ("https://e.co/" + "x" * 1987,) * 2,
    ],
    "bool": [(True, True), (False, False)],
    "date": [("0001-01-01",) * 2, ("9999-12-31",) * 2],
    "datetime": [("2026-03-01T13:30:00+01:30", "2026-03-01T12:00:00Z")],
    "time": [("00:00:00",) * 2, ("23:59:59",) * 2, ("09:30", "09:30:00")],
    "duration": [
        ("PT0S",) * 2,
        ("PT90M", "PT1H30M"),
        ("P400DT0.000001S",) * 2,
        ("P999999DT23H59M59.999999S",) * 2,
        ("PT999999H99999999M999999999.999999S", "P122685DT3H25M39.999999S"),
    ],
    "json": [({}, {}), ({"a": [1, "two", {"three": None}]},) * 2],
}


def at_bounds(field: Field) -> list[tuple[Any, Any]]:
    """Return what a field takes only just, and how it is shown then."""
    if field.of:
        pairs = at_bounds(item(field))
        most = [value(item(field), 1)] * int(field.max or 100)
        several = [one for one, _ in pairs], [one for _, one in pairs]
        return [([], []), (most, most), several]
    if field.type in ("str", "text"):
        long, signs = "é" * field.length, "%_\\"[: field.length]
        return [(long, long), (f"  {long[:2]} ", long[:2]), (signs, signs)]
    if field.type in ("int", "decimal"):
        return [(written(field, one),) * 2 for one in bounds(field)]
    if field.type == "float":
        return [(one, one) for one in (field.min, field.max) if one is not None]
    return TAKEN.get(field.type) or [(one, one) for one in field.values]


WRONG: dict[str, list[Any]] = {
    "str": ["", "   ", 1, True, ["a"], {"a": 1}, "a\x00b"],
    "text": [1, True, ["a"], "a\x00b"],
    "email": [
        "ada",
        "@example.com",
        "ada@",
        "a b@example.com",
        1,
        "x" * 243 + "@example.com",
    ],
    "url": [
        "example.com",
        "ftp://example.com/a",
        "javascript:alert(1)",
        "https://",
        "https://example.com/" + "x" * 1981,
        1,
    ],
    "int": ["1", 1.5, True, 10**30, [1]],
    "float": ["1.5", True, [1.5]],
    "decimal": ["ten", True, "NaN", "Infinity", "1e3", "", [1]],
    "bool": ["true", 1, 0, "yes"],
    "date": ["2026-02-30", 1, "today", "2026-01-31T12:00:00Z", "01/31/2026"],
    "datetime": ["2026-01-31T12:00:00", "2026-01-31", 1, "now"],
    "time": [
        "24:00:00",
        "9:30",
        "09:30:00Z",
        "09:30:00.5",
        "09:30:00+01:00",
        34200,
        "noon",
    ],
    "duration": ["P", "PT", "P1Y", "P1M", "-PT1H", "PT1.5H", 90, "P1DT", "P1DT24H"],
    "uuid": ["1", 1, "0194bb7e-91a0-7c3e-9d52-zzzzzzzzzzzz"],
    "enum": ["something else", 1, ""],
    "list": ["text", 1, {"a": 1}, True],
    "json": ["text", [], 1, {"a\x00": 1}],
    "ref": ["1", True, "1 OR 1=1"],
}


def refused(field: Field) -> list[Any]:
    """Return what a field does not take."""
    found = list(WRONG[field.type])
    low, high = bounds(field)
    match field.type:
        case "list":
            found.append(at_bounds(field)[1][0] + [value(item(field), 1)])
        case "str" | "text":
            found.append("x" * (field.length + 1))
            found += (
                ["\ufb03" * field.length]
                if field.is_indexed and field.length > 200
                else []
            )
        case "int":
            found += [int(low) - 1, int(high) + 1]
        case "float":
            found += [field.min - 0.5] if field.min is not None else []
            found += [field.max + 0.5] if field.max is not None else []
        case "decimal":
            found.append(f"0.{'0' * field.places}1")
            found.append(f"1{'0' * (field.digits - field.places)}")
            found += [f"{low - 1:.{field.places}f}", f"{high + 1:.{field.places}f}"]
    return found


NONSENSE: dict[str, str] = {
    "int": "ten",
    "float": "ten",
    "decimal": "ten",
    "bool": "perhaps",
    "date": "today",
    "datetime": "today",
    "time": "noon",
    "duration": "1:30",
    "uuid": "1",
    "ref": "none",
    "enum": "something",
}
"""What a filter of a type does not take."""
