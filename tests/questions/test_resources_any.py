"""No answer breaks the macros: each is refused in sentences, or makes entities."""

from __future__ import annotations

import json
from datetime import date, datetime
from random import Random
from typing import Any

import pytest

from tests.questions.libraries import library

CASES, SEEDS = 400, range(3)
LONGEST_SENTENCE = 500

SCALARS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 5, 10**30, 16**9999, 1.5, float("nan"), float("inf")),
    *("", " ", "\n", "x", "a b", "é", "\u200b", "\udcff", "'\"", "{{ x }}", "{% if %}", "%s", "\\"),
    *("a" * 300, "items", "keys", "values", "get", "name", "self", "loop", "no"),
    *(b"ab", date(2026, 1, 1), datetime(2026, 1, 1), (1, 2)),
)
TOKENS = (
    *("str", "text", "int", "decimal", "enum", "ref", "bool", "(", "10", ",", ")", "(10,2)"),
    *("(a, b)", "(item)", "optional", "unique", "index", "min=", "min=0", "max=1", "max=x"),
    *("on_delete=cascade", "on_delete=set_null", "=", "= 1", "= x", " ", "\t", "\n", "=="),
    *("read_only", "create_only", "write_only"),
)
GOOD = (
    *("str(120) unique", "decimal(10,2) min=0 = 0", "ref(item)", "ref(thing) optional", "int"),
    *("enum(a, b) = a", "date", "text optional", "json", "uuid index"),
    *("int create_only", "str write_only", "int optional read_only", "ref(user) read_only"),
)
TYPES = (
    "str",
    "text",
    "email",
    "url",
    "int",
    "float",
    "decimal",
    "bool",
    "date",
    "enum",
    "ref",
    "ref(user)",
)
KEYS = (
    *("length", "digits", "places", "values", "to", "optional", "unique", "index", "min", "max"),
    *("default", "on_delete", "description", "example", "tpye", 1, None),
    *("read_only", "create_only", "write_only"),
)
NAMES = ("item", "thing", "line_item", "news", "data", "Item", "user", "order", "class")
FIELDS = ("name", "title", "number", "thing", "item", "name_key", "item_id", "order", "x", 5, True)


def anything(random: Random, depth: int = 0) -> Any:
    """What YAML can hold."""
    kind = random.random()
    if depth < 3 and kind < 0.15:
        return [anything(random, depth + 1) for _ in range(random.randint(0, 3))]
    if depth < 3 and kind < 0.3:
        return {str(number): anything(random, depth + 1) for number in range(random.randint(0, 3))}
    return random.choice(SCALARS)


def short_form(random: Random) -> str:
    tokens = (random.choice(TOKENS) for _ in range(random.randint(1, 6)))
    return "".join(token + random.choice(("", " ")) for token in tokens)


def long_form(random: Random) -> dict[Any, Any]:
    likely = (1, "2", True, ["a", "b"], "item", "user", "cascade", "a")
    made: dict[Any, Any] = {"type": random.choice(TYPES)}
    for _ in range(random.randint(0, 3)):
        made[random.choice(KEYS)] = random.choice((anything(random), random.choice(likely)))
    return made


def field(random: Random, care: float) -> Any:
    """A field, which is good as often as the care says."""
    if random.random() < care:
        return random.choice(GOOD)
    return random.choice((short_form, long_form, anything))(random)


def resource(random: Random) -> Any:
    if random.random() < 0.05:
        return anything(random)
    careful = random.random() < 0.7
    names = random.sample(FIELDS[:5] if careful else FIELDS, random.randint(1, 4))
    made: dict[Any, Any] = {"name": random.choice(NAMES[:5] if careful else NAMES)}
    made["fields"] = {name: field(random, 0.95 if careful else 0.4) for name in names}
    for key in ("plural", "description", "owned", "soft_delete", "unique", "fields", "name", 5):
        if random.random() < 0.03:
            made[key] = anything(random)
    if random.random() < 0.2:
        made["unique"] = [random.sample(names, min(2, len(names)))]
    return made


def answer(random: Random) -> Any:
    if random.random() < 0.02:
        return anything(random)
    return [resource(random) for _ in range(random.randint(0, 3))]


@pytest.mark.parametrize("seed", SEEDS)
def test_any_answer_is_refused_in_sentences_or_makes_entities(seed: int) -> None:
    random = Random(seed)  # noqa: S311
    taken = 0
    for given in (answer(random) for _ in range(CASES)):
        told: str = library("resources").refusal(given)
        for sentence in told.splitlines():
            assert len(sentence.encode()) < LONGEST_SENTENCE
            assert sentence[-1] == "."
        if not told:
            entities = json.loads(library("entities").entities(given))
            json.loads(library("entities").lists(entities))
            taken += len(entities)
    assert taken > CASES / 20


def test_an_answer_that_holds_itself_is_refused() -> None:
    circle: list[Any] = []
    circle.append(circle)
    named: dict[str, Any] = {"name": "item"}
    named["fields"] = {"one": named, "two": circle}
    assert library("resources").refusal(circle).startswith("Resource 1 is a list; ")
    assert library("resources").refusal([named]).startswith('item.one has the unknown key "name"')
