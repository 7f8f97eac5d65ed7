"""A column that gets another type keeps what rows hold, or the migration says what does not fit."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from tests.questions.clone import commit_all
from tests.support.verbs import RUNS, run_verb, stand_in
from tests.update.conftest import Live
from tests.update.lists import ITEM, Entry, grown
from tests.update.living import ADA, THERE_AND_BACK, WRITE, Living, item, user
from tests.update.test_losses import refused
from tests.update.test_resources_rows import EXECUTE, LIST, ONE_IS_ENOUGH

KEY = "0194bb7e-91a0-7c3e-9d52-5f0a2c1b7e44"
NOON = datetime(2026, 1, 31, 12, 30, tzinfo=UTC)

CONVERTED: dict[str, tuple[str, object, str, object]] = {
    "str_int": ("str(20)", "-7", "int", -7),
    "str_float": ("str(20)", "1.5", "float", 1.5),
    "str_decimal": ("str(20)", "01.5", "decimal(8,3)", "1.500"),
    "str_bool": ("str(20)", "Yes", "bool", True),
    "str_date": ("str(40)", "2026-01-31", "date", "2026-01-31"),
    "str_datetime": ("str(40)", "2026-01-31T13:30:00+01:00", "datetime", "2026-01-31T12:30:00Z"),
    "str_uuid": ("str(40)", KEY.upper(), "uuid", KEY),
    "str_enum": ("str(40)", "On hold", "enum(2nd, On hold)", "On hold"),
    "str_shorter": ("str(40) index", "Lamp", "str(4) index", "Lamp"),
    "text_str": ("text", "Lamp", "str(4)", "Lamp"),
    "text_json": ("text", '{"a": [1]}', "json", {"a": [1]}),
    "int_str": ("int", 7, "str(4) index", "7"),
    "int_bool": ("int", 1, "bool", True),
    "bool_enum": ("bool", False, "enum(true, false)", "false"),
    "int_float": ("int", 2, "float", 2.0),
    "float_decimal": ("float", 0.1, "decimal(8,2)", "0.10"),
    "float_int": ("float", 3.0, "int", 3),
    "decimal_int": ("decimal(8,2)", Decimal("5.00"), "int", 5),
    "decimal_str": ("decimal(8,2)", Decimal("5.10"), "str(9)", "5.10"),
    "decimal_smaller": ("decimal(8,3)", Decimal("5.100"), "decimal(4,2)", "5.10"),
    "bool_str": ("bool", True, "str(5)", "true"),
    "bool_int": ("bool", True, "int", 1),
    "date_datetime": ("date", date(2026, 1, 31), "datetime", "2026-01-31T00:00:00Z"),
    "datetime_date": ("datetime", NOON.replace(hour=0, minute=0), "date", "2026-01-31"),
    "str_time": ("str(20)", "14:30", "time", "14:30:00"),
    "time_str": ("time", time(14, 30), "str(8)", "14:30:00"),
    "str_duration": ("str(20)", "PT90M", "duration", "PT1H30M"),
    "duration_str": ("duration", timedelta(days=1, seconds=90.5), "str(30)", "P1DT90.500000S"),
    "datetime_str": ("datetime", NOON, "str(40)", "2026-01-31T12:30:00Z"),
    "uuid_str": ("uuid", UUID(KEY), "str(40)", KEY),
    "json_text": ("json", {"a": [1]}, "text", '{"a": [1]}'),
    "enum_str": ("enum(new, used)", "used", "str(4)", "used"),
}
"""Fields with a type, a value that a row has, the new type, and what the API shows then."""


def listed(living: Living) -> list[dict[str, object]]:
    """All items, as the API shows them."""
    found: list[dict[str, object]] = json.loads(living.run(LIST).splitlines()[-1])["items"]
    return found


def become(living: Living, *others: Entry, **fields: str) -> None:
    """Give the item such fields beside its own, and write the migration."""
    living.change(resources=[grown(ITEM, **fields), *others])
    living.alembic(WRITE)


def begin(living: Living, *others: Entry, **fields: str) -> None:
    """Begin with such fields."""
    living.change(resources=[grown(ITEM, **fields), *others])
    living.alembic(WRITE, "upgrade head")


def test_what_converts_is_converted_alike(live: Live) -> None:
    living = live("none")
    before = {name: f"{one[0]} optional" for name, one in CONVERTED.items()}
    after = {name: f"{one[2]} optional" for name, one in CONVERTED.items()}
    begin(living, **before)
    living.add(
        item("Lamp", None, **{name: one[1] for name, one in CONVERTED.items()}), item("Desk")
    )
    become(living, **after)
    living.alembic(*THERE_AND_BACK)
    shown = {one["name"]: one for one in listed(living)}
    assert {name: shown["Lamp"][name] for name in CONVERTED} == {
        name: one[3] for name, one in CONVERTED.items()
    }
    assert {shown["Desk"][name] for name in CONVERTED} == {None}


def test_a_list_comes_to_rows_that_are_there(live: Live) -> None:
    living = live("none")
    begin(living)
    living.add(item("Lamp"))
    become(living, tags="list(str, 40)", days="list(date)")
    living.alembic(*THERE_AND_BACK)
    assert [(one["tags"], one["days"]) for one in listed(living)] == [([], [])]
    living.add(item("Desk", tags=["a", "b"], days=[date(2026, 1, 31)]))
    become(living, tags="list(str, 1) max=1", days="text")
    living.alembic("upgrade head", "check")
    shown = {one["name"]: (one["tags"], one["days"]) for one in listed(living)}
    assert shown == {"Lamp": ([], "[]"), "Desk": (["a", "b"], '["2026-01-31"]')}


def test_what_does_not_convert_is_named_and_nothing_changes(live: Live) -> None:
    living = live("none")
    begin(living, size="str(20)", due="datetime optional", sold="str(20)")
    odd = ["abc", "007", "1.5", "3000000000"]
    sizes = [*odd, "7", "-8"]
    living.add(*(item(f"Lamp {one}", size=one, due=NOON, sold="7") for one in sizes))
    become(living, size="int min=5", due="date optional", sold="int")
    sentence = refused(living)
    assert sentence.startswith("Rows of items have a size that is no whole number: change them")
    assert sentence.count(" (id ") == 3
    assert " 4 of them, as '" in sentence
    assert re.search(r"'abc' \(id [0-9a-f]{8}-[0-9a-f-]{27}\)", sentence)
    found = "SELECT size FROM items ORDER BY size"
    assert living.look(found) == sorted(sizes)
    living.confirm()
    living.alembic("upgrade head", "check")
    assert sorted(map(int, living.look(found))) == [-8, 1, 5, 5, 7, 7]
    assert {one["due"] for one in listed(living)} == {"2026-01-31"}


def test_what_hangs_on_a_column_stays(live: Live) -> None:
    living = live("jwt")
    begin(
        living,
        day="date unique",
        mark="uuid unique",
        number="str(20) unique",
        size="decimal(8,2) index",
        state="bool",
    )
    values = {"day": date(2026, 1, 31), "mark": UUID(KEY), "size": Decimal("5.00"), "state": True}
    numbered = {"number": "7", "number_key": "7"}
    living.add(user(ADA), item("Lamp", ADA, **values | numbered))
    become(
        living,
        day="datetime unique",
        mark="str(40) unique",
        number="int unique optional",
        size="int index",
        state="enum(true, false) index",
    )
    living.alembic(*THERE_AND_BACK)
    found = "SELECT mark_key, number, size, state FROM items"
    assert living.look(found) == [f"{KEY} 7 5 true"]


def test_a_text_becomes_a_reference_and_a_text_again(live: Live) -> None:
    living = live("none")
    text = {"name": "part", "fields": {"item_id": "str(40) optional"}}
    reference = {"name": "part", "fields": {"item": "ref(item) optional"}}
    begin(living, text)
    living.add(
        item("Lamp"), ("parts", {"item_id": KEY, "row_version": 1}), ("parts", {"row_version": 1})
    )
    become(living, reference)
    assert refused(living).startswith("Rows of parts refer by item_id to what is no row of items")
    right = "UPDATE parts SET item_id = (SELECT id FROM items) WHERE item_id IS NOT NULL"
    living.run(EXECUTE, right)
    living.alembic(*THERE_AND_BACK)
    become(living, text)
    living.alembic(*THERE_AND_BACK)
    assert living.look("SELECT item_id FROM parts WHERE item_id IS NOT NULL") == [key_of(living)]


@ONE_IS_ENOUGH
def test_the_verb_says_what_to_decide_before_a_type_changes(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    living = live("none")
    monkeypatch.setenv("DATABASE_URL", living.url)
    begin(living, size="str(20)")
    commit_all(living.root)
    living.add(item("Lamp", size="large"))
    words = ("resource", "field", "--yes", "item", "size: int min=1")
    done = run_verb(living.root, stand_in(tmp_path, RUNS), *words)
    assert done.returncode == 0, done.stderr
    assert "decide first: Rows of items have a size that is no whole number: " in done.stdout
    assert refused(living).endswith("; 1 of them, as 'large' (id " + key_of(living) + ").")
    assert "other=1)" in living.newest().read_text()


@ONE_IS_ENOUGH
def test_what_cannot_fail_is_not_asked_about(live: Live) -> None:
    living = live("none")
    begin(living, size="int", state="enum(new, used)", mark="bool", day="date", total="int")
    become(living, size="str(20)", state="str(50)", mark="int", day="datetime", total="float")
    assert "raise" not in living.newest().read_text().split("def downgrade")[0]


@ONE_IS_ENOUGH
def test_a_file_comes_to_rows_that_are_there_and_goes(live: Live) -> None:
    living = live("none")
    living.change(resources=[ITEM])
    living.alembic(WRITE, "upgrade head")
    living.add(item("Lamp"))
    living.change(resources=[grown(ITEM, photo="file(image/png) max=5MB")])
    living.alembic(WRITE, *THERE_AND_BACK)
    assert living.look("SELECT count(*) FROM items WHERE photo IS NULL") == ["1"]
    assert (living.root / "app/core/files/store.py").exists()
    living.change(resources=[ITEM])
    living.alembic(WRITE, "confirm", *THERE_AND_BACK)
    assert not (living.root / "app/core/files/store.py").exists()


def key_of(living: Living) -> str:
    """The key of the one item, as the API shows it."""
    (found,) = living.look("SELECT id FROM items")
    return str(UUID(found))
