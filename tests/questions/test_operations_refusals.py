"""Operations that a resource cannot have are refused, a sentence for each mistake."""

from __future__ import annotations

import pytest
import yaml

from tests.questions.libraries import library

KEYS = {
    "5": "task has 5 as operations; write some of list, read, create, update, delete.",
    "{read: true}": "task has a mapping as operations; write some of list, read, create, ",
    "[read, 5]": "task has a list as operations; write some of list, read, create, ",
    "[]": "task has no operations, so no client could do anything; write some of list, read, ",
    "read, craete": 'task has "craete" in operations; write create.',
    "[read, patch]": 'task has "patch" in operations; use one of list, read, create, update, ',
    "''": 'task has "" in operations; use one of list, read, create, update, delete.',
    "read list": 'task has "read list" in operations; write list.',
    "read, read": "task has an operation twice in operations; leave one out.",
    "[create]": "task has operations without read, but an answer says where to read what was made",
    "list, create, update": "task has operations without read, but an answer says where to read ",
    "list, delete": (
        "task has operations without read, but a change names the version that was read; add read."
    ),
    "update": "task has operations without read, but a change names the version that was read; ",
}
TAKEN = ("list", "[list]", "read", "read, list", "[read, create]", " read ,delete ", "~")
NEEDED = {
    ("read", "", "filter=one"): (
        "task.one has filter, but task has no list; leave filter out, or add list to its "
        "operations."
    ),
    ("", "read, update", "on_delete=cascade nested"): (
        "task.one is nested, but no client creates person; leave nested out, or add create to its "
        "operations."
    ),
    ("read, create", "", "on_delete=cascade nested"): (
        "task.one is nested, but task has no list that shows what was made; leave nested out, or "
        "add list to its operations."
    ),
}
FITTING = (
    ("list", "read", "filter=one include"),
    ("read", "list", "include"),
    ("list", "read, create", "on_delete=cascade nested"),
)


def refusal(answer: str) -> str:
    found: str = library("resources").refusal(yaml.safe_load(answer))
    return found


def pair(child: str, parent: str, words: str) -> str:
    one = f"{{name: task, operations: {child}, fields: {{note: str, one: {{{words}}}}}}}"
    return f"[{one}, {{name: person, operations: {parent}, fields: {{one: str}}}}]"


def reference(words: str) -> str:
    """The long form of a reference with these words."""
    keys = [one.split("=") for one in words.split()]
    found = {key: value[0] if value else "true" for key, *value in keys}
    parts = [f"{key}: {'[one]' if key == 'filter' else one}" for key, one in found.items()]
    return ", ".join(["type: ref", "to: person", *parts])


@pytest.mark.parametrize(("operations", "sentence"), KEYS.items())
def test_bad_operations_are_refused(operations: str, sentence: str) -> None:
    told = refusal(f"[{{name: task, operations: {quoted(operations)}, fields: {{one: str}}}}]")
    assert told.startswith(sentence)
    assert "\n" not in told


@pytest.mark.parametrize("operations", TAKEN)
def test_good_operations_are_taken(operations: str) -> None:
    assert not refusal(f"[{{name: task, operations: {quoted(operations)}, fields: {{one: str}}}}]")


@pytest.mark.parametrize(("given", "sentence"), NEEDED.items())
def test_words_that_need_an_operation_are_refused_without(
    given: tuple[str, str, str], sentence: str
) -> None:
    child, parent, words = given
    assert refusal(pair(quoted(child), quoted(parent), reference(words))) == sentence


@pytest.mark.parametrize(("child", "parent", "words"), FITTING)
def test_words_that_need_an_operation_are_taken_with_it(
    child: str, parent: str, words: str
) -> None:
    assert refusal(pair(quoted(child), quoted(parent), reference(words))) == ""


def quoted(operations: str) -> str:
    """As a value within braces."""
    return (
        f"'{operations}'"
        if operations[:1].isalpha() or operations[:1] == " "
        else operations or "~"
    )
