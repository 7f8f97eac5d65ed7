"""The verb `resource` changes the list of resources, and what follows from it."""

from __future__ import annotations

from pathlib import Path

from tests.questions.clone import commit_all, git
from tests.update.updating import replace
from tests.verbs.small import resource, resources


def test_an_added_resource_comes_with_its_files_and_a_migration(small: Path) -> None:
    words = (
        "number: str(40) unique",
        'state: {type: enum, values: [new, "old"]}',
        "item: ref(item)",
    )
    done = resource(small, "add", "line_item", *words)
    assert done.returncode == 0, done.stderr
    assert resources(small)["line_item"]["fields"] == {
        "number": "str(40) unique",
        "state": {"type": "enum", "values": ["new", "old"]},
        "item": "ref(item)",
    }
    assert done.stdout.splitlines() == [
        "New: app/models/line_item.py",
        "Changed: .copier-answers.yml, app/names.py, tools/seed.py",
        "Migration: migrations/versions/add line items.py",
        "Then: uv run just migrate && uv run just check",
    ]


def test_every_option_is_in_the_answer(small: Path) -> None:
    options = ("--plural", "people", "--description", "Who works here.", "--unique", "name, town")
    others = ("--id", "integer", "--summary", "town", "--shared", "--soft-delete")
    access = ("--read", "public", "--write", "admin", "--operations", "read, create")
    bulk = ("--bulk", "create", "--csv", "import")
    fields = ("name: str(40)", "town: str(40)")
    done = resource(small, "add", "person", *fields, *options, *others, *access, *bulk)
    assert done.returncode == 0, done.stderr
    assert resources(small)["person"] == {
        "name": "person",
        "fields": {"name": "str(40)", "town": "str(40)"},
        "id": "integer",
        "plural": "people",
        "description": "Who works here.",
        "summary": "town",
        "unique": [["name", "town"]],
        "read": "public",
        "write": "admin",
        "operations": "read, create",
        "bulk": "create",
        "csv": "import",
        "owned": False,
        "soft_delete": True,
    }


def test_a_field_is_added_and_another_changed(small: Path) -> None:
    done = resource(small, "field", "item", "due_on: date", "name: str(80)")
    assert done.returncode == 0, done.stderr
    assert list(resources(small)["item"]["fields"].items()) == [  # type: ignore[attr-defined]
        ("name", "str(80)"),
        ("note", "text optional"),
        ("due_on", "date"),
    ]
    assert "add due on to items and change name of items.py" in done.stdout


def test_links_that_are_dropped_are_a_table_that_goes(small: Path) -> None:
    assert resource(small, "field", "item", "similar: many(item)").returncode == 0
    commit_all(small)
    asked = resource(small, "drop-field", "item", "similar")
    assert asked.returncode == 1
    assert asked.stdout == ("The migration drops, with all that is in it: table item_similar\n")
    done = resource(small, "drop-field", "item", "similar", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Migration: migrations/versions/drop similar of items.py" in done.stdout


def test_a_list_that_was_shown_can_be_edited_and_applied(small: Path, tmp_path: Path) -> None:
    shown = resource(small, "show").stdout
    file = tmp_path / "resources.yml"
    file.write_text(shown.replace("note: text optional", "memo: text optional"))
    done = resource(small, "apply", str(file), "--yes")
    assert done.returncode == 0, done.stderr
    assert resources(small)["item"]["fields"] == {"name": "str", "memo": "text optional"}
    assert "The migration drops, with all that is in it: column items.note\n" in done.stdout


def test_operations_change_without_a_migration(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "resources.yml"
    shown = resource(small, "show").stdout
    file.write_text(shown.replace("- name: item", "- name: item\n  operations: list, read"))
    for text in (file.read_text(), shown):
        file.write_text(text)
        done = resource(small, "apply", str(file))
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [
            "New: nothing",
            "Changed: .copier-answers.yml",
            "Then: uv run just migrate && uv run just check",
        ]
        commit_all(small)


def test_a_list_is_looked_at_without_a_change(small: Path, tmp_path: Path) -> None:
    replace(small / "app/models/part.py", "class Part", "class Piece")
    file = tmp_path / "resources.yml"
    file.write_text(resource(small, "show").stdout)
    right = resource(small, "check", str(file))
    assert (right.returncode, right.stdout) == (0, f"{file} can be applied.\n"), right.stderr
    file.write_text("- name: note\n  fields: {size: decmal, class: str}\n- name: class\n")
    wrong = resource(small, "check", str(file))
    assert (wrong.returncode, wrong.stdout) == (1, "")
    sentences = wrong.stderr.splitlines()
    assert [one.split()[0] for one in sentences] == ["note.size", "note.class", "A", "class"]
    assert git(small, "status", "--porcelain") == " M app/models/part.py\n"


def test_a_resource_has_another_name_with_its_files(small: Path) -> None:
    replace(small / "app/models/item.py", "note = 1", "note = 2  # of an item")
    (small / "mine.py").write_text("from app.models.item import Item\nITEMIZED = 1\n")
    commit_all(small)
    done = resource(small, "rename", "item", "thing")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Moved: app/models/thing.py",
        "New: nothing",
        "Changed: .copier-answers.yml, app/models/part.py, app/names.py, tools/seed.py",
        "Lines of your own that say the former name:",
        "  app/models/thing.py:3: note = 2  # of an item",
        "  mine.py:1: from app.models.item import Item",
        "Migration: migrations/versions/rename items to things.py",
        "Then: uv run just migrate && uv run just check",
    ]
    assert resources(small)["part"]["fields"] == {"thing": "ref(thing)"}
    assert (small / "app/models/thing.py").read_text().startswith("class Thing:\n")
    assert not (small / "app/models/item.py").exists()


def test_a_field_has_another_name(small: Path) -> None:
    done = resource(small, "rename", "item.note", "memo")
    assert done.returncode == 0, done.stderr
    assert resources(small)["item"]["fields"] == {"name": "str", "memo": "text optional"}
    assert "Migration: migrations/versions/rename note of items to memo.py" in done.stdout


def test_a_removed_resource_says_first_what_goes(small: Path) -> None:
    replace(small / "app/models/part.py", "class Part", "class Piece")
    commit_all(small)
    warning = (
        "This deletes files:\n  app/models/part.py   (edited by you)\n"
        "The migration drops, with all that is in it: table parts\n"
    )
    asked = resource(small, "remove", "part")
    assert asked.returncode == 1
    assert asked.stdout == warning
    assert "Nothing is changed" in asked.stderr
    assert git(small, "status", "--porcelain") == ""
    done = resource(small, "remove", "part", "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(warning)
    assert not (small / "app/models/part.py").exists()
    assert list(resources(small)) == ["item"]
