"""Who may do what is refused where nobody could keep to it, or a row would be shown to others."""

from __future__ import annotations

import pytest
import yaml

from tests.questions.libraries import library

KEYS = {
    "read: everyone": (
        'task has "everyone" as read; write public, users, owner or admin (admin is the one role '
        "that can be named, others are added in app/accounts/scopes.py)."
    ),
    "read: true": "task has true as read; write public, users, owner or admin (admin is the one ",
    "read: [users]": "task has a list as read; write public, users, owner or admin (admin is the ",
    "write: editor": (
        'task has "editor" as write; write users, owner or admin (admin is the one role that can '
    ),
    "write: public": (
        'task has "public" as write; write users, owner or admin (admin is the one role that can '
        "be named, others are added in app/accounts/scopes.py); nobody writes without a login."
    ),
    "write: users": (
        "task has write: users, but its rows belong to users; write owner, or owned: false."
    ),
    "write: admin": (
        "task has write: admin, but its rows belong to users; write owner, or owned: false."
    ),
    "read: admin": (
        "task has read: admin, but its rows belong to users; write public or users or owner, or "
        "owned: false."
    ),
    "owned: false, read: owner": (
        "task has read: owner, but owned: false, so that its rows belong to nobody; write public "
        "or users or admin, or owned: true."
    ),
    "owned: false, write: owner": (
        "task has write: owner, but owned: false, so that its rows belong to nobody; write users "
        "or admin, or owned: true."
    ),
    "owned: false, read: admin": (
        "task lets users write what only administrators read; write write: admin, or read: users."
    ),
}
TAKEN = (
    "read: public",
    "read: users, write: owner",
    "owned: true, read: owner, write: owner",
    "owned: false, read: public, write: admin",
    "owned: false, read: admin, write: admin",
    "owned: false, write: admin",
    "read: null, write: null",
)

SHARED = "owned: false"
PAIRS = {
    ("read: public", "read: users"): "shows everybody of person what users alone may read; write "
    "read: public for person, or read: users for task.",
    ("read: public", ""): "shows everybody of person what the owner alone may read; write read: "
    "public for person, or read: owner for task.",
    ("read: users", ""): "shows users of person what the owner alone may read; write read: users ",
    (SHARED, ""): "lets what everybody shares refer to what somebody owns; make person shared ",
    (f"{SHARED}, read: admin, write: admin", ""): "lets what everybody shares refer to what ",
    ("read: public", SHARED): "shows everybody of person what users alone may read; write read: ",
    (f"{SHARED}, read: public", SHARED): "shows everybody of person what users alone may read; ",
    (SHARED, f"{SHARED}, read: admin, write: admin"): (
        "shows users of person what administrators alone may read; write read: users for person, "
    ),
    ("", f"{SHARED}, read: admin, write: admin"): (
        "shows the owner of person what administrators alone may read; write read: owner for "
    ),
}
FITTING = (
    ("", ""),
    ("", SHARED),
    ("", "read: users"),
    ("read: users", "read: public"),
    ("read: public", "read: public"),
    (SHARED, "read: users"),
    (f"{SHARED}, read: admin, write: admin", "read: users"),
    (f"{SHARED}, read: admin, write: admin", f"{SHARED}, read: admin, write: admin"),
    (f"{SHARED}, read: public, write: admin", f"{SHARED}, read: public"),
)


def refusal(answer: str) -> str:
    found: str = library("resources").refusal(yaml.safe_load(answer))
    return found


def pair(child: str, parent: str, field: str, more: str = "") -> str:
    one = f"{{name: task, {child}{', ' if child else ''}fields: {{note: str, one: {field}}}}}"
    return f"[{one}, {{name: person, {parent}{', ' if parent else ''}fields: {{one: str}}{more}}}]"


@pytest.mark.parametrize(("keys", "sentence"), KEYS.items())
def test_bad_keys_are_refused(keys: str, sentence: str) -> None:
    told = refusal(f"[{{name: task, {keys}, fields: {{one: str}}}}]")
    assert told.startswith(sentence)
    assert "\n" not in told


@pytest.mark.parametrize("keys", TAKEN)
def test_good_keys_are_taken(keys: str) -> None:
    assert refusal(f"[{{name: task, {keys}, fields: {{one: str}}}}]") == ""


@pytest.mark.parametrize("field", ["ref(person) on_delete=cascade", "many(person)"])
@pytest.mark.parametrize(("keys", "sentence"), PAIRS.items())
def test_what_shows_more_than_its_target_is_refused(
    keys: tuple[str, str], sentence: str, field: str
) -> None:
    assert refusal(pair(*keys, field)).startswith(f"task.one {sentence}")


@pytest.mark.parametrize("field", ["ref(person) on_delete=cascade", "many(person)"])
@pytest.mark.parametrize("keys", FITTING)
def test_what_shows_no_more_than_its_target_is_taken(keys: tuple[str, str], field: str) -> None:
    assert refusal(pair(*keys, field)) == ""


@pytest.mark.parametrize("child", ["", "read: users", SHARED])
@pytest.mark.parametrize("words", ["", " on_delete=restrict", " optional"])
def test_nobody_keeps_rows_of_others_from_being_deleted(child: str, words: str) -> None:
    told = refusal(pair(child, "read: users", f"ref(person){words}"))
    assert told == (
        "task.one refers to rows of other users, who could then delete neither them nor their "
        "account; write on_delete=cascade, or optional on_delete=set_null."
    )


def test_the_list_of_an_owner_is_not_filtered_by_rows_of_others() -> None:
    field = "ref(person) on_delete=cascade filter=one"
    assert refusal(pair("read: users", "read: users", field)) == ""
    assert refusal(pair("", "", "ref(person) filter=one")) == ""
    assert refusal(pair("", "read: users", field)) == (
        "task.one has filter, but a list of one owner is not filtered by rows of others; leave "
        "filter out, or write read: users for task."
    )


def test_what_is_only_marked_as_deleted_still_goes_with_the_account() -> None:
    soft = ", soft_delete: true"
    assert refusal(pair("", "read: users", "ref(person) on_delete=cascade", soft)) == ""
    told = refusal(pair("", "", "ref(person) on_delete=cascade", soft))
    assert told.startswith("task.one has on_delete, but a deleted person is only marked as ")


def test_a_row_refers_to_those_of_others_of_its_own_resource() -> None:
    keys = "{name: task, read: users, fields: {note: str, one: ref(task) optional"
    assert refusal(f"[{keys}}}}}]").startswith("task.one refers to rows of other users, who ")
    assert refusal(f"[{keys} on_delete=set_null}}}}]") == ""


@pytest.mark.parametrize("field", ["int unique=global", "{type: int, unique: global}"])
@pytest.mark.parametrize("keys", ["owned: true", SHARED, "read: public"])
def test_what_is_unique_over_all_owners_is_taken(field: str, keys: str) -> None:
    assert refusal(f"[{{name: task, {keys}, fields: {{one: {field}}}}}]") == ""


def test_what_is_unique_in_another_way_is_refused() -> None:
    told = refusal("[{name: task, fields: {one: int unique=all}}]")
    assert told == 'task.one has "unique=all"; write unique or unique=global, or leave it out.'
    told = refusal("[{name: task, fields: {one: {type: int, unique: all}}}]")
    assert told == 'task.one has "all" as unique; write true, false or global.'
    told = refusal("[{name: task, fields: {one: int unique=global = 5}}]")
    assert told.startswith("task.one is unique and has a default, which only one row could have; ")
    told = refusal("[{name: task, fields: {one: text unique=global}}]")
    assert told == "task.one is of the type text, which cannot be unique; leave unique out."


def test_indexes_without_the_owner_are_counted() -> None:
    fields = {f"field{number}": "int unique" for number in range(30)}
    told = library("resources").refusal([{"name": "task", "fields": fields}])
    assert told == ""
    told = library("resources").refusal([{"name": "task", "read": "users", "fields": fields}])
    assert told.startswith("task has 61 indexes, counting what is unique and what refers to others")
