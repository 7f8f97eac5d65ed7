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

LISTS: Mapping[str, list[Entry]] = {
    **matrix.LISTS,
    "default": DEFAULT,
    "invoices": [ITEM, INVOICE],
    "dated": [ITEM, DATED],
    "linked": [ITEM, LINKED],
    "referring": [ITEM, REFERRING],
    "first": [INVOICE, ITEM],
}
