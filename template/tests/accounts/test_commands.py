"""The management commands of accounts."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.config import Settings
from app.db.base import Base
from tests.fixtures.accounts import NEW_PASSWORD, PASSWORD
from tests.fixtures.commands import Run

RowsOf = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def rows_of(command_settings: Settings) -> RowsOf:
    """Return a function that reads a table of the commands; it is emptied first."""

    def connect() -> AsyncEngine:
        return create_async_engine(command_settings.database_url.get_secret_value())

    async def read(name: str) -> list[dict[str, Any]]:
        engine = connect()
        async with engine.connect() as connection:
            rows = await connection.execute(select(Base.metadata.tables[name]))
        await engine.dispose()
        return [dict(row) for row in rows.mappings()]

    async def empty() -> None:
        engine = connect()
        async with engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                await connection.execute(delete(table))
        await engine.dispose()

    asyncio.run(empty())
    return lambda name: asyncio.run(read(name))


def create_admin(run: Run, *arguments: str, password: str | None = PASSWORD) -> str:
    """Create an administrator, and return what is printed."""
    options = ("--email", "ada@example.com", "--username", "ada", *arguments)
    result = run("create-admin", *options, NEW_PASSWORD=password)
    return str(result.output)


@pytest.mark.parametrize("superuser", [False, True])
def test_an_administrator_is_created(
    run: Run, rows_of: RowsOf, superuser: bool
) -> None:
    option = ["--superuser"] if superuser else []
    output = create_admin(run, "--full-name", "Ada Lovelace", *option)
    assert output.endswith("Created the administrator ada.\n")
    [user] = rows_of("users")
    assert (user["role"], user["is_superuser"]) == ("admin", superuser)
    assert (user["full_name"], user["is_verified"]) == ("Ada Lovelace", True)
    assert user["hashed_password"].startswith("$argon2id$")
    assert [event["action"] for event in rows_of("audit_events")] == ["admin_created"]


@pytest.mark.parametrize(
    ("arguments", "password", "reason"),
    [
        (["--email", "ada"], PASSWORD, "email: "),
        (["--username", "a b"], PASSWORD, "username: "),
        ([], "too-short", "at least 12 characters"),
        ([], "ada@example.com", "too close to the e-mail address"),
        ([], "\udcff-is-no-character", "not text"),
    ],
)
def test_an_administrator_that_breaks_a_rule_is_refused(
    run: Run, rows_of: RowsOf, arguments: list[str], password: str, reason: str
) -> None:
    options = ["--email", "ada@example.com", "--username", "ada", *arguments]
    result = run("create-admin", *options, NEW_PASSWORD=password)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert reason in result.stderr
    assert rows_of("users") == []


def test_a_reset_replaces_the_password_and_is_recorded(
    run: Run, rows_of: RowsOf
) -> None:
    create_admin(run)
    [before] = rows_of("users")
    result = run("reset-password", "ADA@example.com", NEW_PASSWORD=NEW_PASSWORD)
    assert result.exit_code == 0, result.output
    [after] = rows_of("users")
    assert after["hashed_password"] != before["hashed_password"]
    assert "password_reset" in [event["action"] for event in rows_of("audit_events")]


@pytest.mark.parametrize(
    ("login", "password", "reason"),
    [
        ("nobody", NEW_PASSWORD, "There is no user nobody."),
        ("ada", "too-short", "It must have at least 12 characters."),
    ],
)
def test_a_reset_that_breaks_a_rule_is_refused(
    run: Run, rows_of: RowsOf, login: str, password: str, reason: str
) -> None:
    create_admin(run)
    [before] = rows_of("users")
    result = run("reset-password", login, NEW_PASSWORD=password)
    assert (result.exit_code, result.stderr) == (1, f"Error: {reason}\n")
    assert rows_of("users") == [before]


def test_mail_that_is_due_is_sent(run: Run) -> None:
    result = run("send-mail", MAIL__BACKEND="folder")
    assert (result.exit_code, result.output) == (0, "Sent 0.\n")


def test_a_database_without_tables_is_the_reason(
    run: Run, make_database: Callable[[], str]
) -> None:
    empty = make_database()
    result = run("reset-password", "ada", DATABASE_URL=empty, NEW_PASSWORD=PASSWORD)
    assert result.exit_code == 1
    assert "The database cannot do this; is it migrated?" in result.stderr
