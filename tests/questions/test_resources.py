"""What becomes of the answer `resources`: all that the files of a resource are written from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.questions.libraries import library

Resource = dict[str, Any]

SHORT_FORMS: dict[str, dict[str, Any]] = {
    "str": {"length": 200, "filters": ["", "in"], "sortable": False},
    "str(40)": {"length": 40, "key": False},
    "str(40) unique": {
        "key": True,
        "unique": True,
        "indexed": True,
        "filters": ["", "contains", "in"],
    },
    "str index": {"key": True, "index": True, "sortable": True},
    " str( 40 )  optional ": {"length": 40, "optional": True},
    "str = a b, (c) = d": {"default": "a b, (c) = d", "has_default": True},
    "text": {"length": 10_000, "filters": [], "sortable": False},
    "text(500)": {"length": 500},
    "text search": {"key": True, "filters": ["contains"], "sortable": False, "key_length": None},
    "str search": {"filters": ["", "contains", "in"], "sortable": True, "indexed": False},
    "email unique": {"length": 254, "key": False, "filters": ["", "in"]},
    "url": {"length": 2000, "filters": [""]},
    "int min=-5 max=9 = 3": {"min": -5, "max": 9, "default": 3, "sortable": True, "indexed": False},
    "int index": {"indexed": True, "filters": ["", "gte", "lte", "in"]},
    "float min=0.5": {"min": 0.5, "max": None, "filters": ["gte", "lte"]},
    "decimal": {"digits": 10, "places": 2},
    "decimal(8, 3) min=0 = 1.5": {"digits": 8, "places": 3, "min": "0", "default": "1.500"},
    "bool = true": {"default": True, "filters": [""]},
    "bool = false": {"default": False},
    "date": {"filters": ["", "gte", "lt"], "sortable": True, "has_default": False},
    "datetime optional": {"optional": True, "default": None},
    "uuid": {"filters": ["", "in"], "sortable": False},
    "enum(draft, in-use) = in-use": {
        "enum": "ThingOne",
        "alias": "ThingOneValue",
        "default": "in-use",
        "values": [
            {"name": "DRAFT", "value": "draft"},
            {"name": "IN_USE", "value": "in-use"},
        ],
    },
    "enum(On hold, 2nd, R&D/A+)": {
        "values": [
            {"name": "ON_HOLD", "value": "On hold"},
            {"name": "VALUE_2ND", "value": "2nd"},
            {"name": "R_AND_D_A_PLUS", "value": "R&D/A+"},
        ],
    },
    "json": {"filters": [], "values": [], "to": None, "on_delete": None},
    "ref(thing) optional": {"attribute": "one_id", "on_delete": "restrict", "alias": "ThingOne"},
    "ref(thing) optional on_delete=set_null": {"on_delete": "set_null"},
}
PLURALS = {
    "item": "items",
    "line_item": "line_items",
    "category": "categories",
    "day_off": "day_offs",
    "key_ring": "key_rings",
    "toy": "toys",
    "address": "addresses",
    "box": "boxes",
    "branch": "branches",
    "dish": "dishes",
    "status": "statuses",
    "person": "people",
    "sales_person": "sales_people",
    "child": "children",
    "analysis": "analyses",
    "photo": "photos",
    "hero": "heroes",
    "leaf": "leaves",
    "data": "data",
    "news": "news",
    "series": "series",
    "test_equipment": "test_equipment",
}
ARTICLES = {"invoice": "an", "hour": "an", "unit": "a", "house": "a", "uninstaller": "an"}


def entities(*resources: Resource) -> dict[str, Any]:
    """What is made of resources, by name."""
    made = json.loads(library("entities").entities(list(resources)))
    return {entity["name"]: entity for entity in made}


def thing(**fields: Any) -> Resource:
    return {"name": "thing", "fields": fields}


def field(form: Any, name: str = "one") -> dict[str, Any]:
    """What is made of one field of a resource called thing."""
    found: dict[str, Any] = entities(thing(**{name: form}))["thing"]["fields"][0]
    return found


@pytest.mark.parametrize(("form", "expected"), SHORT_FORMS.items())
def test_a_short_form_says_all_about_a_field(form: str, expected: dict[str, Any]) -> None:
    made = field(form)
    assert made | expected == made


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("str(40) unique", {"type": "str", "length": 40, "unique": True}),
        ("text = a", {"type": "text", "default": "a", "optional": False, "min": None}),
        (
            "decimal(8,3) min=0.5 = 1",
            {"type": "decimal", "digits": 8, "places": 3, "min": 0.5, "default": 1},
        ),
        ("bool = true", {"type": "bool", "default": True}),
        ("enum(On hold, 2nd)", {"type": "enum", "values": ["On hold", "2nd"]}),
        ("enum(a, b)", {"type": "enum", "values": ["a", "b"]}),
        ("ref(thing) optional", {"type": "ref", "to": "thing", "optional": True}),
    ],
)
def test_the_long_form_means_the_same(short: str, long: dict[str, Any]) -> None:
    assert field(short) == field(long)


def test_a_description_and_an_example_can_be_given() -> None:
    made = field({"type": "decimal", "description": "What it costs", "example": "7.5"})
    assert (made["description"], made["example"]) == ("What it costs.", "7.50")


@pytest.mark.parametrize(
    ("name", "form", "description", "example"),
    [
        ("number", "str(4) unique", "Unique number.", "2026"),
        ("issued_on", "date", "Issued on.", "2026-01-31"),
        ("is_paid", "bool", "Whether it is paid.", True),
        ("parent", "ref(thing) optional", "Identifier of the parent.", None),
        ("vat_id", "str", "VAT ID.", "Vat id"),
        ("rank_no", "int min=5", "Rank no.", 5),
        ("amount", "decimal(3,2) max=2", "Amount.", "0.50"),
        ("state", "enum(new, old) = old", "State.", "old"),
    ],
)
def test_what_is_not_described_has_a_likely_description(
    name: str, form: str, description: str, example: object
) -> None:
    made = field(form, name)
    assert made["description"] == description
    assert example is None or made["example"] == example


@pytest.mark.parametrize(("name", "plural"), PLURALS.items())
def test_a_plural_is_english(name: str, plural: str) -> None:
    made = entities({"name": name, "fields": {"one": "str"}})[name]
    assert (made["plural"], made["path"]) == (plural, plural.replace("_", "-"))


@pytest.mark.parametrize(("name", "article"), ARTICLES.items())
def test_an_article_goes_with_its_name(name: str, article: str) -> None:
    assert entities({"name": name, "fields": {"one": "str"}})[name]["article"] == article


def test_a_plural_can_be_given() -> None:
    made = entities({"name": "line", "plural": "order_lines", "fields": {"one": "str"}})["line"]
    assert (made["plural"], made["titles"]) == ("order_lines", "order lines")


def test_a_resource_is_owned_and_really_deleted_unless_it_says_otherwise() -> None:
    made = entities(thing(one="str"))["thing"]
    assert (made["owned"], made["soft_delete"], made["description"]) == (True, False, "")
    other = thing(one="str") | {"owned": False, "soft_delete": True, "description": "Some thing"}
    made = entities(other)["thing"]
    assert (made["owned"], made["soft_delete"], made["description"]) == (False, True, "Some thing.")


@pytest.mark.parametrize(
    ("name", "variable", "collection"),
    [
        ("line_item", "line_item", "line_items"),
        ("data", "data_record", "all_data"),
        ("news", "news", "all_news"),
        ("answer", "answer_record", "all_answers"),
        ("value", "value_record", "all_values"),
    ],
)
def test_local_names_shadow_nothing(name: str, variable: str, collection: str) -> None:
    made = entities({"name": name, "fields": {"one": "str"}})[name]
    assert (made["variable"], made["collection"]) == (variable, collection)


def test_fields_stay_in_their_order() -> None:
    made = entities(thing(zebra="str", ape="int", mole="date"))["thing"]
    assert [one["name"] for one in made["fields"]] == ["zebra", "ape", "mole"]


def test_what_is_referred_to_comes_first() -> None:
    names = ("line", "invoice", "customer", "tag")
    refers = {"line": "invoice", "invoice": "customer"}
    made = entities(
        *({"name": one, "fields": {"up": f"ref({refers.get(one, one)}) optional"}} for one in names)
    )
    assert list(made) == ["customer", "tag", "invoice", "line"]
    assert [one["is_referred"] for one in made.values()] == [True, True, True, False]


def test_the_first_unique_text_stands_for_the_whole() -> None:
    assert entities(thing(one="int", two="str", three="str unique"))["thing"]["label"] == "three"
    assert entities(thing(one="int", two="str", three="str"))["thing"]["label"] == "two"
    assert entities(thing(one="int"))["thing"]["label"] == ""


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ("gender given_name email", "given_name"),
        ("street city name", "name"),
        ("billing_street motto", "motto"),
        ("gender country_code", ""),
        ("alias title", "title"),
        ("first second", "first"),
        ("phone:unique name", "name"),
    ],
)
def test_a_summary_has_what_a_thing_is_called_by(fields: str, label: str) -> None:
    named = (one.partition(":") for one in fields.split())
    made = entities(thing(**{name: f"str {word}".strip() for name, _, word in named}))
    assert made["thing"]["label"] == label


def test_a_summary_can_be_said() -> None:
    said = {**thing(name="str unique", due_on="date"), "summary": "due_on"}
    assert entities(said)["thing"]["label"] == "due_on"


def test_uniqueness_over_fields_names_columns() -> None:
    made = entities(
        thing(up="ref(thing) optional", number="str(9)", day_no="int")
        | {"unique": [["up", "number"], ["up", "day_no"]]}
    )["thing"]
    assert made["uniques"] == [
        {
            "fields": ["up", "number"],
            "columns": ["up_id", "number_key"],
            "name": "uq_things_up_number",
        },
        {"fields": ["up", "day_no"], "columns": ["up_id", "day_no"], "name": "uq_things_up_day_no"},
    ]
    assert [one["key"] for one in made["fields"]] == [False, True, False]


def test_a_type_of_a_field_is_never_called_like_a_class() -> None:
    made = entities(
        thing(status="enum(a, b)", read="str", read_part="str", page="int"),
        {"name": "thing_status", "fields": {"one": "str"}},
    )["thing"]
    assert [one["enum"] for one in made["fields"]] == ["ThingStatusChoice", None, None, None]
    aliases = [one["alias"] for one in made["fields"]]
    assert aliases == ["ThingStatusValue", "ThingReadValue", "ThingReadPart", "ThingPageValue"]


def test_each_reference_has_a_list_below_its_parent() -> None:
    resources = [
        {"name": "person", "fields": {"boss": "ref(person) optional"}},
        {"name": "task", "fields": {"person": "ref(person)", "assignee": "ref(person)"}},
    ]
    found = library("entities")
    made = json.loads(found.lists(json.loads(found.entities(resources))))
    assert [(one["module"], one["path"]) for one in made] == [
        ("person_people_by_boss", "/people/{person_id}/people-by-boss"),
        ("person_tasks", "/people/{person_id}/tasks"),
        ("person_tasks_by_assignee", "/people/{person_id}/tasks-by-assignee"),
    ]
    last = made[2]
    assert (
        last["function"],
        last["parent"]["name"],
        last["child"]["name"],
        last["field"]["name"],
    ) == (
        "list_person_tasks_by_assignee",
        "person",
        "task",
        "assignee",
    )
    assert [one["field"]["to"]["self"] for one in made] == [True, False, False]
