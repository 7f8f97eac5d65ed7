"""The matrix follows the questions."""

from __future__ import annotations

import json
from collections import Counter
from itertools import product
from typing import Any

import pytest

from tests import matrix
from tests.matrix import (
    AWKWARD,
    COMBINATIONS,
    COVERED,
    HEADLINE,
    LABELS,
    LISTED,
    LISTS,
    STRENGTH,
    TEXTS,
    WIDE_LIST,
    WITH_LISTS,
)
from tests.questions.libraries import library
from tests.support.covering import legal_tuples
from tests.support.questions import choices, is_choice, questions


def test_every_question_is_known() -> None:
    known = {*HEADLINE, *COVERED, *TEXTS, "resources"}
    assert set(questions()) == known


def test_every_dimension_is_a_choice_and_every_text_is_not() -> None:
    assert [name for name in HEADLINE + COVERED if not is_choice(name)] == []
    assert [name for name in TEXTS if is_choice(name)] == []
    assert set(AWKWARD) == set(TEXTS)


def test_every_label_names_a_value_that_is_offered() -> None:
    offered = {(name, value) for name in LABELS for value in choices(name)}
    labelled = {(name, value) for name, labels in LABELS.items() for value in labels}
    assert labelled <= offered


def test_ids_are_unique() -> None:
    ids = [one.id for one in COMBINATIONS]
    assert len(ids) == len(set(ids))


def test_the_first_id_is_the_defaults() -> None:
    assert COMBINATIONS[0].id == matrix.name(
        {name: choices(name)[0] for name in HEADLINE}, HEADLINE
    )


def test_every_combination_is_legal() -> None:
    assert [one.id for one in COMBINATIONS if not matrix.legal(one.answers)] == []


def test_every_legal_triple_is_shown() -> None:
    values = {name: choices(name) for name in HEADLINE + COVERED}
    defaults = {name: choices(name)[0] for name in values}
    answered = [defaults | dict(one.answers) for one in COMBINATIONS]
    shown = [{(name, row[name]) for name in defaults} for row in answered]
    expected = legal_tuples(values, STRENGTH, matrix.legal)
    assert [one for one in expected if not any(set(one) <= row for row in shown)] == []


def test_the_list_of_all_types_meets_every_database_and_access_once() -> None:
    types = [one for one in WITH_LISTS if one.resources == WIDE_LIST]
    met = Counter(tuple(one[name] for name in LISTED) for one in types)
    assert met == Counter(product(*(choices(name) for name in LISTED)))


@pytest.mark.parametrize("resources", LISTS)
def test_a_list_meets_each_access_and_each_database_with_accounts(resources: str) -> None:
    its = [one for one in WITH_LISTS if one.resources == resources]
    assert {one["auth"] for one in its} == set(choices("auth"))
    with_accounts = {one["database"] for one in its if one["auth"] != "none"}
    assert with_accounts == set(choices("database"))


def test_a_list_stands_with_the_defaults_of_the_other_answers() -> None:
    others = set(HEADLINE) - set(LISTED)
    assert {one[name] for one in WITH_LISTS for name in others} == {
        choices(name)[0] for name in others
    }


def test_every_combination_says_its_headline_answers() -> None:
    assert [one.id for one in COMBINATIONS if not one.answers.keys() >= set(HEADLINE)] == []


def test_an_id_names_the_headline_answers() -> None:
    answers = {"database": "postgresql", "auth": "jwt", "rate_limit": "redis", "docker": "compose"}
    assert matrix.headline(**answers).id == "postgresql-jwt-redis-compose"
    assert matrix.headline("types", database="sqlite", auth="none").id == "sqlite-none+types"


TYPES = ["bool", "date", "datetime", "decimal", "duration", "email", "enum", "float", "int"]
TYPES += ["json", "ref", "ref(user)", "str", "text", "time", "url", "uuid"]


def test_every_type_is_required_optional_and_has_a_default_somewhere() -> None:
    shown = set()
    for entity in entities(LISTS["types"]):
        for field in entity["fields"]:
            state = "default" if field["has_default"] else "optional"
            needed = not field["optional"] and not field["has_default"]
            shown.add((field["type"], "required" if needed else state))
    states = ("required", "optional", "default")
    undefaulted = ["date", "datetime", "duration", "email", "json", "ref", "ref(user)", "time"]
    undefaulted += ["url", "uuid"]
    known = set(product(TYPES, states)) - {(one, "default") for one in undefaulted}
    assert shown == known | {
        ("list", "required"),
        ("number", "required"),
        ("slug", "required"),
        ("file", "optional"),
    }


def test_every_word_of_the_language_is_used() -> None:
    fields = [one for entity in entities(LISTS["types"]) for one in entity["fields"]]
    for word in ("unique", "index", "min", "max", "read_only", "create_only", "write_only"):
        shown = {one["type"] for one in fields if one[word] not in {None, False}}
        assert len(shown) > 2, word
    related = [one for entity in entities(LISTS["related"]) for one in entity["references"]]
    assert {one["on_delete"] for one in related} == {"restrict", "cascade", "set_null"}
    assert any(one["to"]["self"] for one in related)


def test_the_related_resources_are_owned_and_shared_and_come_in_another_order() -> None:
    found = entities(LISTS["related"])
    assert len(found) == 8
    assert {one["owned"] for one in found} == {True, False}
    assert {one["soft_delete"] for one in found} == {True, False}
    assert any(len(one["uniques"]) for one in found)
    assert [one["name"] for one in found] != [one["name"] for one in LISTS["related"]]


def entities(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the template makes of a list of resources."""
    found: list[dict[str, Any]] = json.loads(str(library("entities").entities(resources)))
    return found
