"""New passwords: what clients are told about them, and what a change begins anew."""

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.accounts.settings import ThrottleSettings
from app.core.security.passwords import PasswordSettings
from proofs.accounts.calls import attempt, change_password
from proofs.fixtures.accounts import Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.custom import MakeApp
from proofs.fixtures.users import PASSWORD, LogIn

NEW, WRONG = "Seven-Chairs-In-A-Row", "a-wrong-password"


pytestmark = pytest.mark.usefixtures("clock")


@pytest.mark.parametrize(
    ("passwords", "lengths"),
    [
        (PasswordSettings(), (12, 128)),
        (PasswordSettings(min_length=15), (15, 128)),
    ],
)
def test_the_document_has_the_bounds_of_the_settings(
    make_app: MakeApp, passwords: PasswordSettings, lengths: tuple[int, int]
) -> None:
    schemas = make_app(passwords=passwords).openapi()["components"]["schemas"]
    change = schemas["PasswordChange"]["properties"]
    for field in (
        schemas["UserCreate"]["properties"]["password"],
        change["new_password"],
    ):
        assert (field["minLength"], field["maxLength"]) == lengths
    # A password that is compared may be older than the settings.
    assert "minLength" not in change["current_password"]


async def test_the_new_password_is_another_one(
    client: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    verifications: list[bool],
) -> None:
    before = user.hashed_password
    response = await change_password(client, PASSWORD, PASSWORD)
    assert (response.status_code, list(response.json()["field_errors"])) == (
        422,
        ["new_password"],
    )
    await session.refresh(user)
    assert (user.hashed_password, verifications) == (before, [])


async def test_a_change_forgives_the_failed_logins(
    serve: Serve, user: User, log_in: LogIn
) -> None:
    app = serve(throttle=ThrottleSettings(failures=1))
    async with client_key(app, headers=await log_in(user)) as client:
        for login in (user.email, user.username):
            assert (await attempt(client, login, WRONG)).status_code == 401
            assert (await attempt(client, login)).status_code == 429
        assert (await change_password(client, PASSWORD, NEW)).status_code == 204
        for login in (user.email, user.username):
            assert (await attempt(client, login, NEW)).status_code == 200


async def test_a_change_forgives_the_failed_changes(
    serve: Serve, user: User, log_in: LogIn
) -> None:
    app = serve(throttle=ThrottleSettings(failures=2))
    async with client_key(app, headers=await log_in(user)) as client:
        for current, status in ((WRONG, 403), (PASSWORD, 204), (PASSWORD, 403)):
            assert (await change_password(client, current, NEW)).status_code == status


async def test_a_change_forgives_nothing_of_other_accounts(
    serve: Serve, user: User, log_in: LogIn
) -> None:
    app = serve(throttle=ThrottleSettings(failures=1))
    async with client_key(app, headers=await log_in(user)) as client:
        assert (await attempt(client, "nobody", WRONG)).status_code == 401
        assert (await change_password(client, PASSWORD, NEW)).status_code == 204
        assert (await attempt(client, "nobody", WRONG)).status_code == 429


async def test_a_client_that_knew_the_old_password_is_not_known_any_more(
    serve: Serve, user: User, log_in: LogIn
) -> None:
    app, headers = (
        serve(throttle=ThrottleSettings(failures_per_account=1)),
        await log_in(user),
    )
    async with (
        client_key(app, client=("203.0.113.9", 50000)) as thief,
        client_key(app, client=("198.51.100.1", 50000), headers=headers) as owner,
    ):
        assert (await attempt(thief, user.username)).status_code == 200
        assert (await change_password(owner, PASSWORD, NEW)).status_code == 204
        assert (await attempt(owner, user.username, WRONG)).status_code == 401
        assert (await attempt(thief, user.username, NEW)).status_code == 429
