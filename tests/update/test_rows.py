"""Migrations that are written for a living project succeed on the rows that it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import make_url

from tests.suites import servers
from tests.suites.conftest import WITHOUT, required
from tests.support.questions import choices
from tests.update.conftest import Project
from tests.update.living import Living, Row
from tests.update.updating import replace, update

WRITE = "revision --autogenerate --message=change"
THERE_AND_BACK = ("upgrade head", "check", "downgrade -1", "upgrade head", "check")
NAMES = "SELECT name FROM items ORDER BY name"

ADA, BOB = UUID(int=1), UUID(int=2)

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

Live = Callable[[str], Living]


@pytest.fixture(params=choices("database"))
def live(request: pytest.FixtureRequest, project: Project, tmp_path: Path) -> Iterator[Live]:
    """Give a project with these accounts, migrated, on a database that is dropped afterwards."""

    def with_auth(auth: str) -> Living:
        living = Living(project(request.param, auth), url)
        living.alembic("upgrade head")
        return living

    name = f"update_{uuid4().hex}"
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / name}.db"
        yield with_auth
        return
    server = servers.find(request.param)
    if server is None:
        (pytest.fail if required() else pytest.skip)(WITHOUT[request.param])
    url = make_url(server.url).set(database=name).render_as_string(hide_password=False)
    server.ask(f"CREATE DATABASE {name}")
    try:
        yield with_auth
    finally:
        servers.drop(server, name)


def user(key: UUID) -> Row:
    name = f"user-{key.int}"
    values = {"email": name, "email_key": name, "username": name, "username_key": name}
    return "users", {"id": key, "hashed_password": "!", **values}


def item(name: str, owner: UUID | None = None) -> Row:
    values = {"name": name, "name_key": name.lower(), "price": 2}
    return "items", values | ({"owner_id": owner} if owner else {})


def test_rows_without_an_owner_get_one_who_cannot_log_in(live: Live) -> None:
    living = live("none")
    living.add(item("Chair"), item("Lamp"))
    update(living.root, auth="jwt")
    living.alembic(WRITE, *THERE_AND_BACK)
    assert living.look(NAMES) == ["Chair", "Lamp"]
    owners = "SELECT count(*), min(hashed_password) FROM users WHERE NOT is_active"
    assert living.look(owners) == ["1 unknown"]


def test_nobody_owns_nothing(live: Live) -> None:
    living = live("none")
    update(living.root, auth="jwt")
    living.alembic(WRITE, *THERE_AND_BACK)
    assert living.look("SELECT count(*) FROM users") == ["0"]


def test_rows_stay_when_accounts_go(live: Live) -> None:
    living = live("jwt")
    living.add(user(ADA), user(BOB), item("Chair", ADA), item("Lamp", BOB))
    update(living.root, auth="none")
    living.alembic(WRITE, *THERE_AND_BACK)
    assert living.look(NAMES) == ["Chair", "Lamp"]


def test_names_that_two_owners_use_are_refused_before_anything_is_lost(live: Live) -> None:
    living = live("jwt")
    living.add(user(ADA), user(BOB), item("Lamp", ADA), item("Lamp", BOB))
    update(living.root, auth="none")
    living.alembic(WRITE)
    refused = living.try_alembic("upgrade head")
    assert refused.returncode != 0
    assert refused.stderr.endswith(
        "RuntimeError: Rows of items share the same name_key: make them differ first.\n"
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
    model = living.root / "app/models/user.py"
    replace(model, "    username: Mapped", "    town: Mapped[str]\n    username: Mapped")
    replace(model, "town: Mapped[str]", "town: Mapped[str] = mapped_column(String(50))")
    living.alembic(WRITE, *THERE_AND_BACK)
    assert living.look(NAMES) == ["Lamp"]


def test_a_value_that_nobody_can_guess_must_be_chosen(live: Live) -> None:
    living = live("none")
    living.add(item("Lamp"))
    code = "    code: Mapped[str] = mapped_column(String(20), unique=True)\n"
    replace(living.root / "app/models/item.py", "    price: Mapped", f"{code}    price: Mapped")
    living.alembic(WRITE)
    refused = living.try_alembic("upgrade head")
    assert "RuntimeError: Rows of items need a value for code: " in refused.stderr
    assert living.look("SELECT * FROM alembic_version") == ["0001"]
