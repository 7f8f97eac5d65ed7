"""The combinations of answers that are rendered, checked and tested, as data.

The values of a dimension come from `questions/`; a new question gets a line here, or a test fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from tests.support.covering import cover
from tests.support.questions import ROOT, choices

Answers = Mapping[str, Any]

HEADLINE = ("database", "auth", "rate_limit", "docker")
"""Dimensions whose full product is tested, in the order in which an id names them."""

LISTED = ("database", "auth")
"""Dimensions that lists of resources are combined with; the others have their defaults."""

COVERED = ("license", "python_version", "ci", "jwt_library")
"""Dimensions that are covered together with the headline, `STRENGTH` at a time."""

STRENGTH = 3

LABELS: dict[str, dict[Any, str]] = {
    "rate_limit": {"none": "unlimited"},
    "docker": {"none": "no_docker"},
    "license": {"MIT": "mit", "Apache-2.0": "apache", "BSD-3-Clause": "bsd"},
    "ci": {"none": "no_ci"},
    "jwt_library": {"python-jose": ""},
}
"""How an id names a value, where the value itself would read badly.

A label that starts with `+` is joined without a hyphen, an empty one is left out: a yes/no
question is `{False: "", True: "+social"}`.
"""

LISTS: dict[str, Any] = {
    path.stem: yaml.safe_load(path.read_text())["resources"]
    for path in sorted(Path(__file__).parent.glob("resources/*.yml"))
}
"""Lists of resources by name, besides the default."""

WIDE_LIST = "types"
"""The list that meets each database with each way of access; others meet `FEW_HOSTS`."""

FEW_HOSTS = (("sqlite", "jwt"), ("postgresql", "session"), ("mysql", "none"), ("mysql", "jwt"))
"""Each database and each way of access, and each database with accounts."""

ASKED_WITH = {"jwt_library": ("auth", "jwt")}
"""The answer to another question with which alone a question is asked."""

CONSTRAINTS: tuple[Callable[[Answers], bool], ...] = (
    lambda answers: all(
        answers.get(name, choices(name)[0]) == choices(name)[0] or answers.get(other, one) == one
        for name, (other, one) in ASKED_WITH.items()
    ),
)
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
    resources: str = "default"
    """The name of its list of resources."""

    def __getitem__(self, question: str) -> Any:
        """The answer to a question, the default if it is not said."""
        return self.answers[question] if question in self.answers else choices(question)[0]


def legal(answers: Answers) -> bool:
    """Tell whether these answers may stand together."""
    return all(constraint(answers) for constraint in CONSTRAINTS)


def label(question: str, value: Any) -> str:
    """The part of an id that names this value."""
    return LABELS.get(question, {}).get(value, str(value))


def name(answers: Answers, dimensions: tuple[str, ...]) -> str:
    """An id such as `postgresql-jwt-redis-compose`, with more dimensions a longer one."""
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
    return [Combination(name(row, dimensions), TEXTS | _asked(row)) for row in rows]


def _asked(answers: Answers) -> dict[str, Any]:
    """What of these answers is asked for."""
    unasked = {name for name, (other, one) in ASKED_WITH.items() if answers[other] != one}
    return {name: answer for name, answer in answers.items() if name not in unasked}


def _few(strength: int) -> list[Combination]:
    rows = cover({question: choices(question) for question in HEADLINE}, strength, legal, [])
    return [one for one in HEADLINES if any(row.items() <= one.answers.items() for row in rows)]


def _awkward() -> Combination:
    answers = {"database": "postgresql", "license": "BSD-3-Clause"}
    return Combination("awkward-texts", {**HEADLINES[0].answers, **AWKWARD, **answers})


def _hosts() -> list[Combination]:
    others = {q: choices(q)[0] for q in HEADLINE if q not in LISTED}
    return [one for one in HEADLINES if others.items() <= one.answers.items()]


def _hosts_of(resources: str) -> list[Combination]:
    few = [one for one in HOSTS if (one["database"], one["auth"]) in FEW_HOSTS]
    return HOSTS if resources == WIDE_LIST else few


def _with_list(host: Combination, key: str, resources: Any) -> Combination:
    answers = {**host.answers, "resources": resources}
    return Combination(f"{name(host.answers, LISTED)}+{key}", answers, key)


def _documented() -> Any:
    example = (ROOT / "docs/resources.md").read_text().split("```yaml\n")[1].split("```")[0]
    return yaml.safe_load(example)["resources"]


HEADLINES = _headline()
HOSTS = _hosts()
"""The headline combinations that lists of resources are combined with."""

WITH_LISTS = [_with_list(host, key, LISTS[key]) for key in LISTS for host in _hosts_of(key)]
COMBINATIONS = [
    *HEADLINES,
    *_covering(HEADLINES),
    _awkward(),
    *WITH_LISTS,
    _with_list(HEADLINES[0], "documented", _documented()),
]
"""Every combination; an answer that is not named has its default."""

FURTHER = tuple(
    next(one for one in COMBINATIONS if one[question] == value)
    for question in COVERED
    for value in choices(question)[1:]
)
"""A combination for each answer that no headline combination has."""

PAIRS = tuple(_few(2))
"""Few headline combinations, in which each two answers meet: for what is costly, and depends on
two answers at a time at most, like the size of files or the packages that are declared.
"""


def headline(resources: str = "default", **answers: Any) -> Combination:
    """The first headline combination with these answers, and this list of resources."""
    known = HEADLINES if resources == "default" else WITH_LISTS
    fitting = [one for one in known if one.resources == resources]
    return next(one for one in fitting if answers.items() <= one.answers.items())
