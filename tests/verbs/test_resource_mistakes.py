"""What is wrong about a resource is said in sentences, and nothing is changed."""

from __future__ import annotations

import shlex
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.questions.clone import ROOT, git
from tests.verbs.small import ITEM, PART, resource


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a module of the verb by its name; a project has them where it calls them."""
    monkeypatch.syspath_prepend(ROOT / "template")
    return lambda name: import_module(f"tools.resources.{name}")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("add item 'name: str'", 'There is a resource "item" already: give it a field by'),
        ("add note text", 'Write a field as its name, a colon and its type, .*, not "text"'),
        ("add note 'text: '", 'Write a field as its name, a colon and its type, .*, not "text: "'),
        ("add note 'text: str' 'text: text'", 'The field "text" is given twice'),
        ("add note 'text: {type: str'", "The braces of text hold no YAML"),
        ("field tool 'text: str'", 'There is no resource "tool"; there are: item, part.'),
        ("drop-field item size", '"item" has no field "size"; it has: name, note.'),
        ("drop-field part item", 'No field of "part" is left: drop it by `resource remove part`'),
        ("remove item", "part.item refers to item: drop that first"),
        ("remove tool", 'There is no resource "tool"'),
        ("rename tool hammer", 'There is no resource "tool"; there are: item, part.'),
        ("rename item part", 'There is a resource "part" already: choose another name.'),
        ("rename item item", '"item" is called so already.'),
        ("rename item.size length", '"item" has no field "size"; it has: name, note.'),
        ("rename item.name note", '"item" has a field "note" already: choose another name.'),
        ("rename item.name name", '"name" is called so already.'),
        ("rename item.name title --plural titles", "A field has no plural: leave --plural out."),
        ("apply none.yml", "none.yml cannot be read"),
    ],
)
def test_a_mistake_is_one_sentence(tools: Any, words: str, sentence: str) -> None:
    given = tools("arguments").parse(shlex.split(words))
    with pytest.raises(tools("errors").RefusalError, match=sentence):
        tools("commands").COMMANDS[given.command]([ITEM, PART], given)


@pytest.mark.parametrize(
    "long", [{"type": "ref", "to": "item"}, "ref( item ) optional", "many(item)"]
)
def test_a_reference_is_found_in_both_forms(tools: Any, long: object) -> None:
    part = {"name": "part", "fields": {"of": long}}
    assert list(tools("entries").referring([ITEM, part], "item")) == [("part", "of")]


def test_what_is_said_of_a_name_follows_it(tools: Any) -> None:
    place = {
        "name": "place",
        "plural": "places",
        "unique": [["state", "item"], ["state", "estate"]],
        "check": ["estate required if state = state", "estate >= state"],
        "fields": {"state": "int", "estate": "int", "item": {"type": "ref", "to": "item"}},
    }
    renaming = tools("renaming")
    (_, found) = renaming.rename_field([ITEM, place], "place", "state", "county")
    assert found == place | {
        "unique": [["county", "item"], ["county", "estate"]],
        "check": ["estate required if county = state", "estate >= county"],
        "fields": {"county": "int", "estate": "int", "item": {"type": "ref", "to": "item"}},
    }
    thing, found = renaming.rename_resource([ITEM, place], "item", "thing", None)
    assert (thing["name"], found["unique"][0]) == ("thing", ["state", "thing"])
    assert found["fields"]["thing"] == {"type": "ref", "to": "thing"}
    _, found = renaming.rename_resource([ITEM, place], "place", "spot", None)
    assert (found["name"], "plural" in found) == ("spot", False)


def test_ids_of_rows_stay_of_their_kind(small: Path, tmp_path: Path) -> None:
    (tmp_path / "new.yml").write_text(str({"resources": [{**ITEM, "id": "integer"}, PART]}))
    done = resource(small, "apply", str(tmp_path / "new.yml"))
    assert (done.returncode, done.stderr) == (
        1,
        "Rows of item keep their ids: write `id: uuid` as before, or add a resource of another "
        "name.\n",
    )
    assert git(small, "status", "--porcelain") == ""


def test_lists_of_rows_stay_of_their_type(tools: Any) -> None:
    def rendered(**fields: str) -> SimpleNamespace:
        kinds = {name: one.split(" of ") for name, one in fields.items()}
        found = [
            {"name": name, "stored": name, "type": kind[0], "of": (*kind[1:], None)[0]}
            for name, kind in kinds.items()
        ]
        return SimpleNamespace(files={}, entities={"item": {"fields": found}})

    former = rendered(tags="list of str", data="json", size="int")
    plan = tools("plan").Plan
    plan(former, rendered(tags="list of str", size="text"), None).require_same_lists()
    for changed in ({"tags": "list of int"}, {"tags": "text"}, {"data": "list of str"}):
        with pytest.raises(tools("errors").RefusalError, match="Rows of item keep what they have"):
            plan(former, rendered(**changed), None).require_same_lists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("field", "item", "name: str"), "The resources are like that already."),
        (("drop-field", "item", "note"), "Nothing is changed: say that you want it by --yes."),
        (("add", "class", "name: str"), "class"),
        (("add", "note", "size: decmal(10,2)"), 'note.size has the unknown type "decmal"'),
        (("field", "item", "owner: ref(nobody)"), "item.owner"),
        (("rename", "item.name", "id"), "item.id"),
        (("rename", "part", "class"), "class"),
        (("add", "note", "a: int min=2 max=1", "b: int(5)"), "a max that is not less.\nnote.b has"),
    ],
)
def test_a_refusal_changes_nothing(small: Path, words: tuple[str, ...], sentence: str) -> None:
    done = resource(small, *words)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == sentence.count("\n") + 1
    assert git(small, "status", "--porcelain") == ""


def test_slugs_of_a_renamed_field_follow_it(tools: Any) -> None:
    renaming = tools("renaming")
    long, short = {"type": "slug", "source": "title"}, "slug( title ) unique=global"
    fields = {"title": "str", "titled": "slug(titles)", "long": long, "short": short}
    (found,) = renaming.rename_field([{"name": "item", "fields": fields}], "item", "title", "name")
    assert found["fields"] == {
        "name": "str",
        "titled": "slug(titles)",
        "long": {"type": "slug", "source": "name"},
        "short": "slug(name) unique=global",
    }


def test_filters_by_a_renamed_field_follow_it(tools: Any) -> None:
    renaming = tools("renaming")
    place = {"name": "place", "fields": {"state": "str", "estate": "str", "top": "text"}}
    fields = {
        "one": "ref(place) optional filter=estate,state include",
        "two": {"type": "ref", "to": "place", "filter": ["state", "estate"]},
        "state": "ref(item) optional filter=state",
    }
    entries = [{"name": "item", "fields": fields}, place]
    (found, _) = renaming.rename_field(entries, "place", "state", "county")
    assert found["fields"] == {
        "one": "ref(place) optional filter=estate,county include",
        "two": {"type": "ref", "to": "place", "filter": ["county", "estate"]},
        "state": "ref(item) optional filter=state",
    }
    (found, _) = renaming.rename_field(entries, "item", "state", "county")
    assert found["fields"]["county"] == "ref(item) optional filter=county"
