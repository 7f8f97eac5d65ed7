"""Decimal numbers: what is accepted is what the documentation says."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from app.core.fields.decimals import FixedPoint

KINDS = [
    FixedPoint(4, 2),
    FixedPoint(4, 2, minimum=Decimal(0)),
    FixedPoint(3, 1, minimum=Decimal("0.5"), maximum=Decimal(12)),
    FixedPoint(3, 1, minimum=Decimal("-7.3"), maximum=Decimal("6.9")),
    FixedPoint(4, 2, minimum=Decimal("9.95"), maximum=Decimal("10.05")),
    FixedPoint(3, 1, minimum=Decimal(-20), maximum=Decimal(-3)),
    FixedPoint(2, 2, maximum=Decimal("0.25")),
    FixedPoint(3, 0, minimum=Decimal(8), maximum=Decimal(111)),
    FixedPoint(2, 0),
]


def texts() -> Iterator[str]:
    """Write every number of a few digits in every way, and some ways that are none."""
    for whole in range(120):
        for places in range(4):
            for digits in range(0, 10**places, 1 if places < 3 else 37):
                text = f"{whole}.{digits:0{places}d}" if places else f"{whole}"
                yield from (text, f"-{text}", f"0{text}", f"{text}0")
    yield from (
        "",
        "-",
        ".",
        "1.",
        ".5",
        "+1",
        "1e1",
        " 1",
        "1\n",
        "\u0661",
        "--1",
        "NaN",
        "1,5",
    )


def fits(kind: FixedPoint, value: object) -> bool:
    try:
        kind.parse(value)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_is_accepted_if_pattern_and_bounds_in_the_documentation_say_so(
    kind: FixedPoint,
) -> None:
    pattern = re.compile(kind.pattern.removesuffix("$"))
    low, high = kind.bounds
    differing = [
        text
        for text in texts()
        if fits(kind, text)
        != bool(pattern.fullmatch(text) and low <= Decimal(text) <= high)
    ]
    assert [text for text in differing if not is_nothing(text)] == []


def is_nothing(text: str) -> bool:
    """Tell whether a text is minus nothing, which is as good as nothing."""
    return bool(re.fullmatch(r"-0(\.0+)?", text))


@pytest.mark.parametrize("kind", KINDS)
def test_the_bounds_are_accepted_and_nothing_beyond_them(kind: FixedPoint) -> None:
    step = Decimal(1).scaleb(-kind.places)
    low, high = kind.bounds
    for number, is_within in (
        (low, True),
        (high, True),
        (low - step, False),
        (high + step, False),
    ):
        given = int(number) if kind.places == 0 else float(number)
        assert (fits(kind, str(number)), fits(kind, given)) == (is_within, is_within)


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        (FixedPoint(10, 2, Decimal(0)), r"^(0|[1-9][0-9]{0,7})(\.[0-9]{1,2})?$"),
        (FixedPoint(2, 1), r"^-?(0|[1-9])(\.[0-9])?$"),
        (FixedPoint(3, 0, Decimal(1)), r"^(0|[1-9][0-9]{0,2})$"),
        (FixedPoint(2, 2), r"^-?0(\.[0-9]{1,2})?$"),
    ],
)
def test_a_pattern_says_digits_and_sign(kind: FixedPoint, pattern: str) -> None:
    assert kind.pattern == pattern
