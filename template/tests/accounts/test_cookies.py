"""Session cookies, and protection against forged requests."""

from datetime import UTC, datetime, timedelta
from http.cookies import Morsel, SimpleCookie

import httpx2
import pytest

from app.accounts.models import User
from app.config import Settings
from app.core.settings import CorsSettings
from tests.fixtures.accounts import (
    LOGIN,
    ME,
    PASSWORD,
    ChangeRows,
    Credentials,
    LogIn,
    MakeUser,
    ReadRows,
    try_login,
)
from tests.fixtures.app import Connect, Operations
from tests.fixtures.cookies import CSRF

SAFE = {"GET", "HEAD", "OPTIONS"}


def cookies_of(response: httpx2.Response) -> dict[str, Morsel[str]]:
    """Return the cookies that a response sets."""
    lines = response.headers.get_list("Set-Cookie")
    return {name: one for line in lines for name, one in SimpleCookie(line).items()}


async def test_a_page_reads_the_csrf_token_of_its_session(
    client: httpx2.AsyncClient,
) -> None:
    response = await client.get("/api/v1/auth/session")
    assert response.status_code == 200
    assert response.json()["csrf_token"] == client.headers[CSRF]


async def test_logging_out_removes_the_cookie(client: httpx2.AsyncClient) -> None:
    response = await client.post("/api/v1/auth/logout")
    assert response.status_code == 204
    cookie = cookies_of(response)["session"]
    assert (cookie.value, cookie["max-age"]) == ("", "0")


async def test_17_the_use_of_a_session_prolongs_it_up_to_its_lifetime(
    client: httpx2.AsyncClient, change_rows: ChangeRows, read_rows: ReadRows
) -> None:
    now = datetime.now(UTC)
    for age, remaining in ((8, 7), (29, 1)):
        begun = now - timedelta(days=age)
        used = now - timedelta(hours=1)
        await change_rows("auth_sessions", created_at=begun, last_used_at=used)
        assert (await client.get(ME)).status_code == 200
        [session] = await read_rows("auth_sessions")
        left = session["expires_at"] - now
        assert round(left / timedelta(days=1), 2) == remaining


@pytest.mark.parametrize("environment", ["development", "production"])
async def test_20_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(
    connect_with: Connect, user: User, environment: str
) -> None:
    async with connect_with(environment=environment) as client:
        login = await try_login(client, user.username)
    in_production = environment == "production"
    cookie = cookies_of(login)["__Host-session" if in_production else "session"]
    assert bool(cookie["secure"]) == in_production
    assert cookie["httponly"]
    assert (cookie["samesite"].lower(), cookie["path"]) == ("strict", "/")
    assert cookie["domain"] == ""


async def test_20_a_login_begins_a_new_session(
    anonymous: httpx2.AsyncClient, user: User, log_in: LogIn, credentials: Credentials
) -> None:
    before = await log_in(user)
    form = {"username": user.username, "password": PASSWORD}
    sent = {"Cookie": before["Cookie"]}
    after = credentials(await anonymous.post(LOGIN, data=form, headers=sent))
    assert after["Cookie"] != before["Cookie"]
    assert after[CSRF] != before[CSRF]
    assert (await anonymous.get(ME, headers=before)).status_code == 401
    assert (await anonymous.get(ME, headers=after)).status_code == 200


async def test_20_every_change_needs_the_csrf_token_of_the_session(
    anonymous: httpx2.AsyncClient,
    user: User,
    make_user: MakeUser,
    log_in: LogIn,
    operations: Operations,
) -> None:
    headers, other = await log_in(user), await log_in(await make_user())
    for name, operation in operations.items():
        method, path = name.split()
        if method in SAFE or not operation.get("security"):
            continue
        for token in (None, "", "x", other[CSRF], headers[CSRF].upper()):
            sent = {"Cookie": headers["Cookie"]} | ({CSRF: token} if token else {})
            response = await anonymous.request(method, path, headers=sent)
            assert (name, token, response.status_code) == (name, token, 403)
            assert response.json()["error_code"] == "csrf"
    reading = await anonymous.get(ME, headers={"Cookie": headers["Cookie"]})
    assert reading.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://test.evil.test"},
        {"Origin": "http://test:8080"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=lambda headers: "-".join(headers.values()),
)
async def test_20_a_foreign_origin_changes_nothing(
    client: httpx2.AsyncClient, user: User, headers: dict[str, str]
) -> None:
    form = {"username": user.username, "password": PASSWORD}
    for response in (
        await client.patch(ME, json={}, headers=headers),
        await client.post(LOGIN, data=form, headers=headers),
    ):
        assert (response.status_code, response.json()["error_code"]) == (403, "csrf")
    own = {"Origin": "http://test", "Sec-Fetch-Site": "same-origin"}
    assert (await client.patch(ME, json={}, headers=own)).status_code == 200


async def test_20_a_trusted_origin_needs_the_token_too(
    connect_with: Connect, user: User, log_in: LogIn
) -> None:
    cors = CorsSettings(allow_origins=("https://app.example.com",))
    async with connect_with(cors=cors) as client:
        client.headers.update(await log_in(user))
        client.headers["Origin"] = "https://app.example.com"
        assert (await client.patch(ME, json={})).status_code == 200
        del client.headers[CSRF]
        assert (await client.patch(ME, json={})).status_code == 403


@pytest.mark.parametrize(
    "cookie",
    ["", "session=", "session=garbage", "session=' OR 1=1 --", "session=" + "x" * 6000],
    ids=lambda cookie: cookie[:20],
)
async def test_1_missing_or_malformed_cookies_are_refused(
    anonymous: httpx2.AsyncClient, cookie: str
) -> None:
    headers = {"Cookie": cookie} if cookie else {}
    response = await anonymous.get(ME, headers=headers)
    assert (response.status_code, response.json()["error_code"]) == (
        401,
        "unauthorized",
    )
    assert response.headers["WWW-Authenticate"] == "Cookie"


async def test_2_a_changed_cookie_is_refused(
    anonymous: httpx2.AsyncClient, user: User, make_user: MakeUser, log_in: LogIn
) -> None:
    cookie = (await log_in(user))["Cookie"]
    other = (await log_in(await make_user()))["Cookie"]
    parts, others = cookie.split("."), other.split(".")
    assert len(parts) > 1
    for place, part in enumerate(others[1:], 1):
        changed = ".".join([*parts[:place], part, *parts[place + 1 :]])
        response = await anonymous.get(ME, headers={"Cookie": changed})
        assert response.status_code == 401
    assert (await anonymous.get(ME, headers={"Cookie": cookie})).status_code == 200


async def test_9_a_session_is_read_from_the_cookie_alone(
    anonymous: httpx2.AsyncClient, user: User, log_in: LogIn
) -> None:
    secret = (await log_in(user))["Cookie"].removeprefix("session=")
    for name in ("session", "token"):
        assert (await anonymous.get(ME, params={name: secret})).status_code == 401
    headers = {"Authorization": f"Bearer {secret}"}
    assert (await anonymous.get(ME, headers=headers)).status_code == 401


async def test_11_a_new_key_ends_all_sessions(
    connect_with: Connect, settings: Settings, user: User, log_in: LogIn
) -> None:
    headers = await log_in(user)
    key = type(settings.secret_key)("another-secret-for-tests-that-is-long-enough")
    async with connect_with(secret_key=key) as client:
        assert (await client.get(ME, headers=headers)).status_code == 401
