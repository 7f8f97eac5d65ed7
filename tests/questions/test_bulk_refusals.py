"""What a resource cannot have in bulk is refused, a sentence for each mistake."""

from __future__ import annotations

import pytest
import yaml

from tests.questions.libraries import library

KEYS = {
    "5": "task has 5 as bulk; write some of create, update, delete.",
    "{create: true}": "task has a mapping as bulk; write some of create, update, delete.",
    "[create, 5]": "task has a list as bulk; write some of create, update, delete.",
    "true": "task has true as bulk; write some of create, update, delete.",
    "[]": "task has nothing in bulk; write some of create, update, delete, or leave bulk out.",
    "craete": 'task has "craete" in bulk; write some of create, update, delete.',
    "'create, read'": 'task has "read" in bulk; write some of create, update, delete.',
    "'create, create'": "task has an operation twice in bulk; leave one out.",
    "[create, delete]": (
        "task has delete in bulk, but not in its operations; add it there, or leave it out of bulk."
    ),
    "update": (
        "task.etag cannot be called so beside update in bulk, which needs the name; choose another."
    ),
}
TAKEN = ("create", "[create]", "' create '", "~")


def refusal(bulk: str) -> str:
    """What is said of a task without deletion, which has a field called etag."""
    answer = "[{name: task, operations: 'read, create, update', bulk: %s, fields: {etag: str}}]"
    found: str = library("resources").refusal(yaml.safe_load(answer % bulk))
    return found


@pytest.mark.parametrize(("bulk", "sentence"), KEYS.items())
def test_what_is_nothing_to_do_in_bulk_is_refused(bulk: str, sentence: str) -> None:
    assert refusal(bulk) == sentence


@pytest.mark.parametrize("bulk", TAKEN)
def test_what_a_resource_does_can_be_done_in_bulk(bulk: str) -> None:
    assert refusal(bulk) == ""
