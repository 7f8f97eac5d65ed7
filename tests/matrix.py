"""The combinations of answers that are rendered, checked and tested, as data.

The values of a dimension come from `questions/`; a new question gets a line here, or a test fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from tests.support.covering import cover
from tests.support.questions import choices

Answers = Mapping[str, Any]

HEADLINE = ("database", "auth")
"""Dimensions whose full product is tested, in the order in which an id names them."""

COVERED = ("license", "python_version")
"""Dimensions that are covered together with the headline, `STRENGTH` at a time."""

STRENGTH = 3

LABELS: dict[str, dict[Any, str]] = {
    "license": {"MIT": "mit", "Apache-2.0": "apache", "BSD-3-Clause": "bsd"},
}
"""How an id names a value, where the value itself would read badly.

A label that starts with `+` is joined without a hyphen, an empty one is left out: a yes/no
question is `{False: "", True: "+social"}`.
"""

CONSTRAINTS: tuple[Callable[[Answers], bool], ...] = ()
"""Each tells whether answers may stand together; a partial set of answers must not raise."""

TEXTS: dict[str, str] = {
    "project_name": "Orders API",
    "project_slug": "orders-api",
    "description": "Takes orders and tells where they are.",
    "author_name": "Ada Lovelace",
    "author_email": "ada@example.com",
}
"""A sample answer for each question that is free text."""

AWKWARD: dict[str, str] = {
    "project_name": "Ærø & Søn: 100% Zürich #1 (東京) | *a* ~ _b_; [c]".ljust(50, "x"),
    "project_slug": "a-legal-slug-1".ljust(40, "0"),
    "description": "Größen & Preise: 50% #1, [a](b) *c* | 東京; yes: no - null @ !x %s ^~".ljust(
        120, "x"
    ),
    "author_name": "Zoë Łukasiewicz-Nuñez & Søn: 100% #1, [x] *y*".ljust(80, "x"),
    "author_email": f"a.b_c+d-e@{'x' * 63}.{'y' * 63}.{'z' * 63}.example.co.uk",
}
"""Texts that are legal, as long as they may be, and break what escapes them carelessly."""


@dataclass(frozen=True)
class Combination:
    """One set of answers with a readable id."""

    id: str
    answers: Answers

    def __getitem__(self, question: str) -> Any:
        """The answer to a question."""
        return self.answers[question]


def legal(answers: Answers) -> bool:
    """Tell whether these answers may stand together."""
    return all(constraint(answers) for constraint in CONSTRAINTS)


def label(question: str, value: Any) -> str:
    """The part of an id that names this value."""
    return LABELS.get(question, {}).get(value, str(value))


def name(answers: Answers, dimensions: tuple[str, ...]) -> str:
    """An id such as `postgresql-jwt` or `sqlite-none-apache-3.11`."""
    parts = [label(question, answers[question]) for question in dimensions]
    return "-".join(part for part in parts if part).replace("-+", "+")


def _headline() -> list[Combination]:
    values = [choices(question) for question in HEADLINE]
    found = [dict(zip(HEADLINE, row, strict=True)) for row in product(*values)]
    return [Combination(name(row, HEADLINE), TEXTS | row) for row in found if legal(row)]


def _covering(done: list[Combination]) -> list[Combination]:
    dimensions = HEADLINE + COVERED
    values = {question: choices(question) for question in dimensions}
    defaults = {question: choices(question)[0] for question in COVERED}
    rows = cover(values, STRENGTH, legal, [dict(defaults, **one.answers) for one in done])
    return [Combination(name(row, dimensions), TEXTS | row) for row in rows]


HEADLINES = _headline()
COMBINATIONS = [
    *HEADLINES,
    *_covering(HEADLINES),
    Combination("awkward-texts", AWKWARD | {"database": "postgresql", "license": "BSD-3-Clause"}),
]
"""Every combination; an answer that is not named has its default."""


def headline(**answers: Any) -> Combination:
    """The first headline combination with these answers."""
    return next(one for one in HEADLINES if answers.items() <= one.answers.items())
