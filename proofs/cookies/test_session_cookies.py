"""The cookies of a session: what they are like, and that a login always makes new ones."""

from uuid import RFC_4122

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.login.cookies.csrf import session_id_of
from app.accounts.login.cookies.settings import CookieSettings
from app.accounts.models import AuthSession, User
from app.config import Settings
from app.core.security.opaque_tokens import new_token
from app.core.settings import ApiSettings, ServerSettings
from proofs.accounts.calls import LOGIN, ME, attempt
from proofs.cookies.cookies import TOKEN, cookie, secret_of, set_cookies, whole
from proofs.fixtures.accounts import Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.users import PASSWORD, LogIn, MakeUser, Proof

SESSION, LOGOUT = "/api/v1/auth/session", "/api/v1/auth/logout"


@pytest.mark.parametrize("prefix", ["", "/shop"])
@pytest.mark.parametrize(
    ("environment", "start"), [("test", ""), ("production", "__Host-")]
)
async def test_apis_below_prefixes_of_one_host_have_cookies_of_their_own(
    serve: Serve, user: User, environment: str, start: str, prefix: str
) -> None:
    below = ServerSettings(root_path="/shop")
    api = ApiSettings(docs=True)
    form = {"username": user.username, "password": PASSWORD}
    shop = serve(environment=environment, server=below, api=api)
    async with client_key(shop) as client:
        login = await client.post(prefix + LOGIN, data=form)
        found = set_cookies(login)
        assert found.keys() == {f"{start}session-shop", f"{start}csrf-shop"}
        assert {one["path"] for one in found.values()} == {"/"}
        jar = "; ".join(f"{name}={one.value}" for name, one in found.items())
        # What another API of the host has set is sent as well.
        client.headers["Cookie"] = f"{start}session=x; {jar}; {start}session-other=x"
        client.headers[TOKEN] = login.json()["csrf_token"]
        assert (await client.get(prefix + ME)).status_code == 200
        page = (await client.get(f"{prefix}/docs")).text
        assert f'startsWith("{start}csrf-shop=")' in page
        logout = await client.post(prefix + LOGOUT)
    assert (logout.status_code, set_cookies(logout).keys()) == (204, found.keys())


async def statuses(client: httpx2.AsyncClient, *headers: dict[str, str]) -> list[int]:
    return [(await client.get(ME, headers=one)).status_code for one in headers]


@pytest.mark.parametrize(
    ("environment", "same_site", "prefix"),
    [
        ("test", "strict", ""),
        ("development", "lax", ""),
        ("production", "strict", "__Host-"),
    ],
)
async def test_the_cookies_are_for_this_host_alone_and_forgotten_in_the_end(
    serve: Serve,
    user: User,
    settings: Settings,
    environment: str,
    same_site: str,
    prefix: str,
) -> None:
    cookies = CookieSettings.model_validate({"same_site": same_site})
    async with client_key(serve(environment=environment, cookies=cookies)) as client:
        login = await attempt(client, user.username)
        found = set_cookies(login)
        headers = {
            "Cookie": f"{prefix}session={found[f'{prefix}session'].value}",
            "X-CSRF-Token": login.json()["csrf_token"],
        }
        logout = await client.post(LOGOUT, headers=headers)
    assert (login.status_code, logout.status_code) == (200, 204)
    lifetime = str(round(settings.accounts.session_lifetime.total_seconds()))
    assert found.keys() == {f"{prefix}session", f"{prefix}csrf"}
    for response, max_age in ((login, lifetime), (logout, "0")):
        for name, one in set_cookies(response).items():
            assert (name in found, one["path"], one["domain"]) == (True, "/", "")
            assert (one["samesite"], one["max-age"]) == (same_site, max_age)
            assert one["secure"] is True if prefix else one["secure"] == ""
    # A page must be able to read the token, and must not be able to read the session.
    assert found[f"{prefix}session"]["httponly"] is True
    assert found[f"{prefix}csrf"]["httponly"] == ""
    assert found[f"{prefix}csrf"].value == login.json()["csrf_token"]


async def test_a_cookie_without_the_prefix_opens_nothing_in_production(
    serve: Serve, user: User, log_in: LogIn
) -> None:
    secret = secret_of(await log_in(user))
    async with client_key(serve(environment="production")) as client:
        assert await statuses(client, cookie(secret)) == [401]
        assert await statuses(client, {"Cookie": f"__Host-session={secret}"}) == [200]


async def test_logging_out_deletes_both_cookies(client: httpx2.AsyncClient) -> None:
    logout = await client.post(LOGOUT)
    assert {name: one.value for name, one in set_cookies(logout).items()} == {
        "session": "",
        "csrf": "",
    }
    assert logout.headers["Cache-Control"] == "no-store"


async def test_only_a_login_sets_cookies(
    client: httpx2.AsyncClient, user: User
) -> None:
    for response in (
        await client.get(ME),
        await client.get(SESSION),
        await client.patch(ME, json={"full_name": "Ada"}),
        await attempt(client, user.username, "a-wrong-password"),
    ):
        assert "Set-Cookie" not in response.headers


async def test_a_login_never_adopts_a_session_that_the_browser_brings(
    app: FastAPI, anonymous: httpx2.AsyncClient, user: User
) -> None:
    chosen = app.state.session_cookies.mint(user.id)
    login = await attempt(anonymous, user.username, **cookie(chosen))
    secret = set_cookies(login)["session"].value
    assert secret != chosen
    assert await statuses(anonymous, cookie(chosen), cookie(secret)) == [401, 200]


async def test_every_login_ends_the_former_session_of_the_browser_alone(
    anonymous: httpx2.AsyncClient,
    user: User,
    make_user: MakeUser,
    log_in: LogIn,
    proof: Proof,
) -> None:
    other, browser = await log_in(user), await log_in(await make_user())
    for _ in range(2):
        former = browser
        browser = proof(
            await attempt(anonymous, user.username, **cookie(secret_of(former)))
        )
        assert await statuses(anonymous, former, browser, other) == [401, 200, 200]


async def test_a_login_that_fails_ends_no_session(
    client: httpx2.AsyncClient, user: User
) -> None:
    assert (await attempt(client, user.username, "a-wrong-password")).status_code == 401
    form = {"username": user.username, "password": PASSWORD, "scope": "unheard:of"}
    assert (await client.post(LOGIN, data=form)).status_code == 422
    assert (await client.get(ME)).status_code == 200


async def test_a_page_that_was_loaded_anew_gets_its_token_again(
    anonymous: httpx2.AsyncClient, user: User, proof: Proof
) -> None:
    login = await attempt(anonymous, user.username)
    headers = proof(login)
    again = await anonymous.get(SESSION, headers={"Cookie": headers["Cookie"]})
    assert (again.status_code, again.json()) == (200, login.json())
    assert again.headers["Cache-Control"] == "no-store"
    assert again.json().keys() == {"csrf_token", "expires_at"}
    assert (await anonymous.get(SESSION)).status_code == 401


async def test_what_is_stored_or_shown_of_a_session_opens_nothing(
    app: FastAPI,
    client: httpx2.AsyncClient,
    anonymous: httpx2.AsyncClient,
    session: AsyncSession,
) -> None:
    (shown,) = (await client.get("/api/v1/auth/sessions")).json()
    stored = (await session.scalars(select(AuthSession.id))).one()
    assert shown["id"] == str(stored)
    for known in (str(stored), stored.hex, stored.hex.ljust(43, "0")):
        assert await statuses(anonymous, whole(app, known)) == [401]
    assert await session.scalar(select(func.count()).select_from(AuthSession)) == 1


def test_the_id_of_every_session_is_one_that_all_databases_take() -> None:
    ids = {session_id_of(new_token()) for _ in range(50)}
    assert len(ids) == 50
    assert {one.variant for one in ids} == {RFC_4122}
    assert session_id_of("A" * 43) == session_id_of("A" * 43)
