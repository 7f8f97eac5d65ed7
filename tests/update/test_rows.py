"""Migrations that are written for a living project succeed on the rows that it holds."""

from __future__ import annotations

import pytest

from tests.update.conftest import Live
from tests.update.lists import ITEM, grown
from tests.update.living import ADA, BOB, CHANGE, THERE_AND_BACK, WRITE, Living, item, login, user
from tests.update.updating import replace

NAMES = "SELECT name FROM items ORDER BY name"

COLUMNS = """
    stock: Mapped[int]
    rating: Mapped[float]
    unit: Mapped[str] = mapped_column(String(20), default="piece")
    is_new: Mapped[bool]
    checked_at: Mapped[datetime]
    made_on: Mapped[date]
    opens_at: Mapped[time]
    lasts: Mapped[timedelta]
    weight: Mapped[Decimal] = mapped_column(Numeric(8, 3))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    batch: Mapped[UUID]
    image: Mapped[bytes]
    level: Mapped[int] = mapped_column(server_default="1")
"""
IMPORTS = """
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON
"""

ONE_IS_ENOUGH = pytest.mark.parametrize("live", ["sqlite"], indirect=True)
"""For what the databases cannot do differently."""


def change(living: Living, auth: str) -> None:
    """Change how callers prove who they are, as the update's last words say."""
    living.change(auth=auth)
    living.alembic(*CHANGE)


WAYS = [("none", "jwt", "session", "none"), ("none", "session", "jwt", "none")]


@pytest.mark.parametrize(
    ("live", "way"),
    [("sqlite", WAYS[0]), ("sqlite", WAYS[1]), ("postgresql", WAYS[0]), ("mysql", WAYS[1])],
    indirect=["live"],
    ids=lambda one: one if isinstance(one, str) else "-".join(one),
)
def test_rows_stay_whatever_the_accounts_become(live: Live, way: tuple[str, ...]) -> None:
    living = live(way[0])
    living.add(item("Chair"), item("Lamp"))
    change(living, way[1])
    owners = "SELECT count(*), min(hashed_password) FROM users WHERE NOT is_active"
    assert living.look(owners) == ["1 unknown"]
    living.add(user(ADA), item("Table", ADA), login(ADA))
    change(living, way[2])
    assert living.look("SELECT count(*) FROM users JOIN auth_sessions ON user_id = users.id") == [
        "1"
    ]
    change(living, way[3])
    assert living.look(NAMES) == ["Chair", "Lamp", "Table"]


USERS = {"author": "ref(user) read_only", "editor": "ref(user) optional"}


def test_rows_refer_to_users_when_there_are_any(live: Live) -> None:
    living = live("none")
    living.change(resources=[grown(ITEM, **USERS)])
    living.alembic("check")
    living.add(item("Lamp"))
    change(living, "jwt")
    made_by = "SELECT count(*) FROM items JOIN users ON users.id = author_id"
    assert living.look(f"{made_by} WHERE NOT is_active AND editor_id IS NULL") == ["1"]
    living.add(user(ADA), item("Table", ADA, author_id=ADA, editor_id=ADA))
    change(living, "none")
    assert living.look(NAMES) == ["Lamp", "Table"]


@ONE_IS_ENOUGH
def test_who_made_rows_is_asked_for_where_there_are_users(live: Live) -> None:
    living = live("jwt")
    living.add(user(ADA), item("Lamp", ADA))
    living.change(resources=[grown(ITEM, editor=USERS["editor"])])
    living.alembic(WRITE, *THERE_AND_BACK)
    living.change(resources=[grown(ITEM, **USERS)])
    living.alembic(WRITE)
    refused = living.try_alembic("upgrade head")
    assert "Rows of items need a value for author_id: " in refused.stderr.splitlines()[-1]
    assert living.look("SELECT count(*) FROM items WHERE editor_id IS NULL") == ["1"]


@ONE_IS_ENOUGH
def test_nobody_owns_nothing(live: Live) -> None:
    living = live("none")
    change(living, "jwt")
    assert living.look("SELECT count(*) FROM users") == ["0"]


def test_names_that_two_owners_use_are_refused_before_anything_is_lost(live: Live) -> None:
    living = live("jwt")
    living.add(user(ADA), user(BOB), item("Lamp", ADA), item("Lamp", BOB))
    living.change(auth="none")
    living.alembic(WRITE)
    living.confirm()
    refused = living.try_alembic("upgrade head")
    assert refused.returncode != 0
    assert refused.stderr.endswith(
        "Rows of items share the same name_key: make them differ first.\n"
    )
    assert len(living.look("SELECT owner_id FROM items JOIN users ON users.id = owner_id")) == 2


def test_new_columns_of_all_kinds_are_filled(live: Live) -> None:
    living = live("none")
    living.add(item("Chair"), item("Lamp"))
    model = living.root / "app/models/item.py"
    replace(model, "    price: Mapped", f"{COLUMNS}    price: Mapped")
    replace(model, "description: Mapped[str | None]", "description: Mapped[str]")
    replace(model, "\nfrom decimal import Decimal\n", f"{IMPORTS}\nfrom decimal import Decimal\n")
    living.alembic(WRITE, *THERE_AND_BACK)
    found = "SELECT name, stock, unit, level, description FROM items ORDER BY name"
    assert living.look(found) == ["Chair 0 piece 1 ", "Lamp 0 piece 1 "]


def test_rows_stay_when_the_table_that_they_refer_to_gets_a_column(live: Live) -> None:
    living = live("jwt")
    living.add(user(ADA), item("Lamp", ADA))
    model = living.root / "app/accounts/models.py"
    replace(model, "    username: Mapped", "    town: Mapped[str]\n    username: Mapped")
    replace(model, "town: Mapped[str]", "town: Mapped[str] = mapped_column(String(50))")
    living.alembic(WRITE, *THERE_AND_BACK)
    assert living.look(NAMES) == ["Lamp"]


@ONE_IS_ENOUGH
def test_a_value_that_nobody_can_guess_must_be_chosen(live: Live) -> None:
    living = live("none")
    living.add(item("Lamp"))
    code = "    code: Mapped[str] = mapped_column(String(20), unique=True)\n"
    replace(living.root / "app/models/item.py", "    price: Mapped", f"{code}    price: Mapped")
    living.alembic(WRITE)
    refused = living.try_alembic("upgrade head")
    assert "Rows of items need a value for code: " in refused.stderr.splitlines()[-1]
    assert living.look("SELECT * FROM alembic_version") == ["0001"]


@ONE_IS_ENOUGH
def test_the_table_of_attempts_goes_when_redis_comes_and_the_other_way_round(live: Live) -> None:
    living = live("jwt")
    tables = "SELECT count(*) FROM sqlite_master WHERE name = 'throttles'"
    for limit, found in (("redis", "0"), ("none", "1")):
        living.change(rate_limit=limit)
        living.alembic(*CHANGE)
        assert living.look(tables) == [found]
