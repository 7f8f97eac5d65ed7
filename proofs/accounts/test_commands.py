"""The management commands for accounts."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import AuditAction, AuditEvent, AuthSession
from app.config import Settings
from app.db.base import now
from proofs.fixtures.commands import InDatabase, Run, create_ada, find_users
from proofs.fixtures.users import PASSWORD

NEW = "Seven-Chairs-In-A-Row"


async def find_events(session: AsyncSession) -> list[AuditEvent]:
    return list(
        (await session.scalars(select(AuditEvent).order_by(AuditEvent.id))).all()
    )


@pytest.mark.parametrize(
    ("arguments", "is_superuser"), [((), False), (("--superuser",), True)]
)
def test_an_administrator_is_created(
    run: Run, in_database: InDatabase, arguments: tuple[str, ...], is_superuser: bool
) -> None:
    result = create_ada(run, "--full-name", "Ada Lovelace", *arguments)
    assert result.exit_code == 0, result.output
    assert result.stdout.endswith("Created the administrator Ada.\n")
    [user] = in_database(find_users)
    assert (user.email, user.username, user.full_name) == (
        "Ada@example.com",
        "Ada",
        "Ada Lovelace",
    )
    assert (user.role, user.is_superuser, user.is_verified) == (
        "admin",
        is_superuser,
        True,
    )
    assert user.hashed_password.startswith("$argon2id$")
    [event] = in_database(find_events)
    assert (event.action, event.user_id) == (AuditAction.ADMIN_CREATED, user.id)
    assert event.address == "command line"


def test_what_is_not_given_is_asked_for(run: Run, in_database: InDatabase) -> None:
    typed = f"ada@example.com\nada\n{PASSWORD}\n{PASSWORD}\n"
    result = run("create-admin", password=None, typed=typed)
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert len(in_database(find_users)) == 1


@pytest.mark.parametrize(
    ("arguments", "password", "sentences"),
    [
        (["--email", "ada"], PASSWORD, ["email: ", "must be an e-mail address"]),
        (["--email", "a\udcff@example.com"], PASSWORD, ["email: "]),
        (["--username", "a b"], PASSWORD, ["username: "]),
        (["--full-name", "a" * 121], PASSWORD, ["full_name: "]),
        ([], "too-short", ["It must have at least 12 characters."]),
        ([], "password1234", ["It is too common"]),
        ([], "ada@example.com", ["It is too close to the e-mail address"]),
        ([], "a" * 2000, ["at most"]),
        ([], "\udcff-is-no-character", ["not text"]),
    ],
)
def test_an_administrator_who_breaks_a_rule_is_not_created(
    run: Run,
    in_database: InDatabase,
    arguments: list[str],
    password: str,
    sentences: list[str],
) -> None:
    result = create_ada(run, *arguments, password=password)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert all(sentence in result.stderr for sentence in sentences)
    assert password not in result.stderr
    assert in_database(find_users) == in_database(find_events) == []


@pytest.mark.parametrize(
    ("arguments", "field"),
    [(["--username", "eve"], "email"), (["--email", "eve@example.com"], "username")],
)
def test_an_administrator_cannot_take_what_is_taken(
    run: Run, in_database: InDatabase, arguments: list[str], field: str
) -> None:
    create_ada(run)
    result = create_ada(run, *arguments)
    assert result.exit_code == 1
    assert result.stderr == f"Error: {field}: This value is already taken.\n"
    assert len(in_database(find_users)) == len(in_database(find_events)) == 1


@pytest.mark.parametrize("login", ["ADA", "ada@EXAMPLE.com"])
def test_resetting_a_password_ends_all_sessions(
    run: Run, in_database: InDatabase, login: str
) -> None:
    create_ada(run)
    [before] = in_database(find_users)

    async def open_session(session: AsyncSession) -> None:
        expires_at = now() + timedelta(days=1)
        session.add(
            AuthSession(
                user_id=before.id, user_agent="", address="", expires_at=expires_at
            )
        )

    async def count_sessions(session: AsyncSession) -> int:
        return len((await session.scalars(select(AuthSession))).all())

    in_database(open_session)
    result = run("reset-password", login, password=NEW)
    assert result.exit_code == 0, result.output
    assert result.stdout.endswith(
        f"The password of {login} is changed; all sessions have ended.\n"
    )
    [after] = in_database(find_users)
    assert after.hashed_password != before.hashed_password
    assert in_database(count_sessions) == 0
    event = in_database(find_events)[-1]
    assert (event.action, event.user_id) == (AuditAction.PASSWORD_RESET, before.id)


@pytest.mark.parametrize(
    ("login", "password", "sentence"),
    [
        ("nobody", NEW, "There is no user nobody."),
        ("' OR 1=1 --", NEW, "There is no user ' OR 1=1 --."),
        ("ada", "too-short", "It must have at least 12 characters."),
    ],
)
def test_a_password_that_cannot_be_reset_stays(
    run: Run, in_database: InDatabase, login: str, password: str, sentence: str
) -> None:
    create_ada(run)
    [before] = in_database(find_users)
    result = run("reset-password", login, password=password)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: {sentence}\n"
    [after] = in_database(find_users)
    assert after.hashed_password == before.hashed_password
    assert len(in_database(find_events)) == 1


def test_what_has_expired_is_deleted(run: Run, in_database: InDatabase) -> None:
    async def plant(session: AsyncSession) -> None:
        empty = {"user_agent": "", "address": "", "request_id": ""}
        for action, days in (("expired", 10_000), ("alive", 1)):
            created_at = now() - timedelta(days=days)
            session.add(AuditEvent(action=action, created_at=created_at, **empty))

    in_database(plant)
    result = run("prune")
    assert (result.exit_code, result.stdout) == (0, "Deleted what has expired.\n")
    assert [event.action for event in in_database(find_events)] == ["alive"]


def test_a_database_without_tables_is_named_as_the_reason(
    run: Run, empty_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database.database_url.get_secret_value())
    result = create_ada(run)
    assert result.exit_code == 1
    assert "Error: The database cannot do this; is it migrated?" in result.stderr
    assert PASSWORD not in result.output


def test_what_is_no_text_is_refused(run: Run) -> None:
    result = run("reset-password", "ada\udcff")
    assert result.exit_code == 1
    assert "Error: " in result.stderr
