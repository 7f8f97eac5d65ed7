"""What cannot be a tree is refused, a sentence for each mistake."""

from __future__ import annotations

import pytest

from tests.questions.libraries import library

LEVELS = "write how many levels there can be, from 2 to 100, or tree alone for 20."
REFUSED = {
    "ref(person) optional tree": (
        "task.one is a tree, but refers to another resource; leave tree out, or write ref(task)."
    ),
    "ref(task) tree": (
        "task.one refers to its own resource, so the first task could never be made; make it "
        "optional."
    ),
    "ref(task) optional tree=1": f'task.one has "1" as its tree; {LEVELS}',
    "ref(task) optional tree=101": f'task.one has "101" as its tree; {LEVELS}',
    "ref(task) optional tree=deep": f'task.one has "deep" as its tree; {LEVELS}',
    "ref(task) optional tree tree=4": "task.one has tree twice; leave one out.",
    "ref(task) optional tree read_only": (
        "task.one is a tree, whose rows clients place, and read_only; leave one of the two out."
    ),
    "ref(task) optional tree unique": (
        "task.one is unique, so that only one row could be below another; leave unique or tree out."
    ),
    "int tree": "task.one is of the type int, which cannot be a tree, as it refers to nothing; ",
    "many(task) tree": "task.one is of the type many, which cannot be a tree, as it refers to ",
}
TAKEN = (
    "ref(task) optional tree",
    "ref(task) optional tree=2 on_delete=cascade include filter=note",
    "ref(task) optional tree=100 create_only",
)
LONG = {"type": "ref", "to": "task", "optional": True}


def refusal(*fields: object, **keys: object) -> str:
    named = dict(zip(("one", "two"), fields, strict=False))
    task = {"name": "task", "fields": {"note": "str", **named}, **keys}
    found: str = library("resources").refusal([task, {"name": "person", "fields": {"a": "str"}}])
    return found


@pytest.mark.parametrize(("field", "sentence"), REFUSED.items())
def test_what_is_no_tree_is_refused(field: str, sentence: str) -> None:
    told = refusal(field)
    assert told.startswith(sentence)
    assert "\n" not in told


@pytest.mark.parametrize("field", TAKEN)
def test_trees_are_taken(field: str) -> None:
    assert refusal(field) == ""


@pytest.mark.parametrize("levels", [True, 2, "100", False, None])
def test_levels_are_taken_in_the_long_form(levels: object) -> None:
    assert refusal(LONG | {"tree": levels}) == ""


@pytest.mark.parametrize("levels", [0, 1, 101, "two", 2.5])
def test_other_levels_are_refused_in_the_long_form(levels: object) -> None:
    told = refusal(LONG | {"tree": levels})
    assert (told == "") is (levels == 0)
    assert told.endswith(LEVELS) or not told


def test_a_resource_has_one_tree() -> None:
    told = refusal("ref(task) optional tree", "ref(task) optional tree=3")
    assert told == "task.two is a tree, as one is; leave one tree out."


def test_nothing_else_is_called_like_the_list_of_what_is_above() -> None:
    tree = {"name": "task", "fields": {"note": "str", "one": "ref(task) optional tree"}}
    other = {"name": "ancestor", "fields": {"a": "str", "task": "ref(task)"}}
    told = library("resources").refusal([tree, other])
    assert told == (
        "task.one would have a list called task_ancestors, as something else is; give the field or "
        "a resource another name."
    )
