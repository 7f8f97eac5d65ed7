"""Changes need a token that foreign pages cannot know."""

import httpx2
import pytest
from pydantic import SecretStr

from app.accounts.models import User
from app.core.http.request import SAFE_METHODS
from app.core.security.opaque_tokens import digest
from proofs.accounts.calls import ME, attempt, target
from proofs.accounts.permissions import Permission
from proofs.cookies.cookies import TOKEN, cookie, secret_of, set_cookies, whole
from proofs.fixtures.accounts import Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.users import LogIn, MakeUser, Proof

NEW_KEY = SecretStr("another-secret-for-tests-that-is-long-enough")


def calls(permissions: dict[str, Permission], *, safe: bool) -> list[list[str]]:
    """Give method and path of each operation that needs a session."""
    found = [target(key) for key, one in permissions.items() if one.is_protected]
    return [call for call in found if (call[0] in SAFE_METHODS) == safe]


async def test_no_change_is_made_without_the_token_of_the_session(
    anonymous: httpx2.AsyncClient,
    user: User,
    log_in: LogIn,
    permissions: dict[str, Permission],
    statements: list[str],
) -> None:
    headers, other = await log_in(user), await log_in(user)
    secret, token = secret_of(headers), headers[TOKEN]
    wrong = ["", "x", "ä", other[TOKEN], token[:-1], f"{token}0", token.upper(), secret]
    wrong += [digest(secret), "0" * 64]
    statements.clear()
    for method, path in calls(permissions, safe=False):
        shown = [cookie(secret) | {TOKEN: one} for one in wrong]
        for headers in (cookie(secret), *shown):
            encoded = [
                (name.encode(), text.encode("latin-1"))
                for name, text in headers.items()
            ]
            response = await anonymous.request(method, path, headers=encoded)
            assert (method, path, response.status_code) == (method, path, 403)
            assert response.json()["error_code"] == "csrf"
            assert "WWW-Authenticate" not in response.headers
    # Nothing has been read, so nothing has been changed.
    assert statements == []


async def test_what_a_browser_sends_by_itself_is_no_token(
    anonymous: httpx2.AsyncClient, user: User, log_in: LogIn
) -> None:
    headers = await log_in(user)
    token = headers.pop(TOKEN)
    sent = {"Cookie": f"{headers['Cookie']}; csrf={token}"}
    for response in (
        await anonymous.patch(ME, headers=sent, params={TOKEN: token}),
        await anonymous.patch(ME, headers=sent, json={"csrf_token": token}),
    ):
        assert (response.status_code, response.json()["error_code"]) == (403, "csrf")


async def test_reading_needs_no_token(
    anonymous: httpx2.AsyncClient,
    user: User,
    log_in: LogIn,
    permissions: dict[str, Permission],
) -> None:
    headers = cookie(secret_of(await log_in(user)))
    reading = calls(permissions, safe=True)
    assert len(reading) > 5
    for method, path in reading:
        for verb in (method, "HEAD"):
            response = await anonymous.request(verb, path, headers=headers)
            assert response.status_code in (200, 403, 422)
            assert "csrf" not in response.text or path.endswith("/session")


async def test_a_token_ends_with_its_session(
    anonymous: httpx2.AsyncClient, user: User, log_in: LogIn, proof: Proof
) -> None:
    former = await log_in(user)
    latter = proof(await attempt(anonymous, user.username, **cookie(secret_of(former))))
    assert former[TOKEN] != latter[TOKEN]
    for headers, status in (
        (former, 401),
        (latter | {TOKEN: former[TOKEN]}, 403),
        (former | {TOKEN: latter[TOKEN]}, 403),
        (latter, 200),
    ):
        assert (
            await anonymous.patch(ME, json={}, headers=headers)
        ).status_code == status


async def test_another_user_has_another_token(
    anonymous: httpx2.AsyncClient, user: User, make_user: MakeUser, log_in: LogIn
) -> None:
    victim, attacker = await log_in(user), await log_in(await make_user())
    headers = victim | {TOKEN: attacker[TOKEN]}
    assert (await anonymous.delete(ME, headers=headers)).status_code == 403
    assert (await anonymous.get(ME, headers=victim)).status_code == 200


async def test_a_new_key_ends_all_sessions(
    serve: Serve, user: User, log_in: LogIn
) -> None:
    headers = await log_in(user)
    app = serve(secret_key=NEW_KEY)
    async with client_key(app) as client:
        assert (await client.get(ME, headers=headers)).status_code == 401
        login = await attempt(client, user.username)
        proof = whole(app, set_cookies(login)["session"].value)
        assert (await client.patch(ME, json={}, headers=proof)).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/auth/login", "/api/v1/auth/register"])
async def test_who_has_no_session_needs_no_token(
    anonymous: httpx2.AsyncClient, path: str
) -> None:
    assert (await anonymous.post(path)).status_code == 422
