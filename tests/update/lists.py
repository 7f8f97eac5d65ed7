"""Lists of resources that a project has one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests import matrix
from tests.support.questions import questions

Entry = dict[str, Any]


def grown(entry: Entry, **fields: str) -> Entry:
    """A resource with more fields."""
    return {**entry, "fields": {**entry["fields"], **fields}}


(ITEM,) = DEFAULT = questions()["resources"]["default"]
INVOICE: Entry = {
    "name": "invoice",
    "fields": {"number": "str(40) unique", "amount": "decimal(10,2) min=0"},
}
DATED = grown(INVOICE, due_on="date optional")
LINKED = grown(INVOICE, items="many(item)")
REFERRING = grown(DATED, item="ref(item) optional")
COUNTED: Entry = {"id": "integer", **ITEM}


def owing(name: str = "invoice", number: str = "number", customer: str = "customer") -> list[Entry]:
    """A resource that others refer to, by these names of it and of fields."""
    return [
        {"name": "customer", "fields": {"name": "str(60) unique"}},
        {"name": "tag", "owned": False, "fields": {"word": "str(20) unique"}},
        {
            "name": name,
            "fields": {
                number: "str(40)",
                "year": "int",
                customer: "ref(customer)",
                "parent": f"ref({name}) optional",
                "status": "enum(draft, paid) index = draft",
                "sent_on": "date optional",
                "paid_on": "date optional",
                "tags": "many(tag)",
                "similar": f"many({name})",
            },
            "unique": [[number, "year"], [customer, "sent_on"]],
            "check": ["sent_on required if status = paid", "paid_on >= sent_on"],
        },
        {
            "name": "entry",
            "fields": {
                name: f"ref({name}) on_delete=cascade",
                "position": "int",
                "settles": f"ref({name}) optional",
            },
            "unique": [[name, "position"]],
        },
    ]


WHOLE: list[Entry] = [
    {key: one for key, one in entry.items() if key != "operations"}
    for entry in matrix.LISTS["operations"]
]
"""What has other operations elsewhere, with all of them."""

LISTS: Mapping[str, list[Entry]] = {
    "whole": WHOLE,
    **matrix.LISTS,
    "default": DEFAULT,
    "invoices": [ITEM, INVOICE],
    "dated": [ITEM, DATED],
    "linked": [ITEM, LINKED],
    "referring": [ITEM, REFERRING],
    "first": [INVOICE, ITEM],
    "owing": owing(),
    "billed": owing("bill"),
    "coded": owing(number="code"),
    "bought": owing(customer="buyer"),
    "alone": [COUNTED],
    "counted": [COUNTED, grown(INVOICE, item="ref(item) optional")],
}
