"""Cookies that are none: whoever shows them is nobody."""

from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.models import User
from app.core.security.opaque_tokens import new_token
from proofs.accounts.calls import LOGIN, ME, target
from proofs.accounts.permissions import Permission
from proofs.cookies.cookies import TOKEN, cookie, secret_of, whole
from proofs.fixtures.users import PASSWORD, LogIn

HOSTILE = [
    b"",
    b"session",
    b"session=",
    b"session=;",
    b'session=""',
    b"session=\\",
    b"=session",
    b"session=" + b"x" * 6000,
    b"x" * 6000,
    b"; " * 3000,
    b'session="' + b"A" * 43,
    b'session="\\101\\400\\999"',
    b"session=%00%0d%0aSet-Cookie:a=b",
    b"session=" + b"%41" * 43,
    b"session=\xed\xa0\x80" + b"A" * 40,
    b"session=\xff\xfe",
    b"session=" + b"\xe9" * 43,
    b"session=' OR 1=1 --",
    b"session=../../../../etc/passwd",
    b"session=" + b"A" * 43 + b"; session=garbage",
]


async def test_what_is_no_cookie_of_ours_is_refused_without_asking_the_database(
    anonymous: httpx2.AsyncClient, statements: list[str]
) -> None:
    for value in HOSTILE:
        for method in ("GET", "PATCH"):
            response = await anonymous.request(method, ME, headers={b"Cookie": value})
            assert (value[:60], response.status_code) == (value[:60], 401)
            assert response.headers["WWW-Authenticate"] == "Cookie"
            assert response.json()["error_code"] == "unauthorized"
    assert statements == []


async def test_a_hostile_cookie_keeps_nobody_from_logging_in(
    anonymous: httpx2.AsyncClient, user: User
) -> None:
    form = {"username": user.username, "password": PASSWORD}
    for value in HOSTILE[:9]:
        response = await anonymous.post(LOGIN, data=form, headers={b"Cookie": value})
        assert (value[:60], response.status_code) == (value[:60], 200)


async def test_what_is_made_up_is_refused_without_asking_the_database(
    app: FastAPI, user: User, anonymous: httpx2.AsyncClient, statements: list[str]
) -> None:
    genuine = app.state.session_cookies.mint(user.id)
    random, user_id, signature = genuine.split(".")
    other = uuid4().hex
    for made_up in (
        f"{random}.{other}.{signature}",
        f"{new_token()}.{user_id}.{signature}",
        f"{random}.{user_id}.{'0' * 64}",
        f"{random}.{user_id}",
        genuine.upper(),
    ):
        assert (await anonymous.get(ME, headers=cookie(made_up))).status_code == 401
    assert statements == []


async def test_a_secret_must_be_right_to_the_letter(
    anonymous: httpx2.AsyncClient, user: User, log_in: LogIn
) -> None:
    secret = secret_of(await log_in(user))
    for wrong in (
        secret[:-1],
        f"{secret}=",
        f"{secret}A",
        secret.swapcase(),
        secret[::-1],
    ):
        assert (await anonymous.get(ME, headers=cookie(wrong))).status_code == 401
    for name in (
        "Session",
        "__Host-session",
        "__Secure-session",
        "session_id",
        " session =",
    ):
        headers = {"Cookie": f"{name.strip()}x={secret}; a{name}={secret}"}
        assert (await anonymous.get(ME, headers=headers)).status_code == 401
    assert (await anonymous.get(ME, headers=cookie(secret))).status_code == 200


async def test_a_session_is_shown_by_the_cookie_alone(
    anonymous: httpx2.AsyncClient, user: User, log_in: LogIn
) -> None:
    headers = await log_in(user)
    secret, token = secret_of(headers), {TOKEN: headers[TOKEN]}
    for name in ("session", "csrf", "token", "Cookie"):
        assert (await anonymous.get(ME, params={name: secret})).status_code == 401
        assert (
            await anonymous.patch(ME, json={name: secret}, headers=token)
        ).status_code == 401
    for name, value in (("Authorization", f"Bearer {secret}"), ("session", secret)):
        assert (await anonymous.get(ME, headers={name: value})).status_code == 401


async def test_a_session_that_does_not_exist_opens_no_operation(
    app: FastAPI, anonymous: httpx2.AsyncClient, permissions: dict[str, Permission]
) -> None:
    headers = whole(app, app.state.session_cookies.mint(uuid4()))
    for operation in (key for key, one in permissions.items() if one.is_protected):
        method, path = target(operation)
        for verb in {method, "HEAD"} if method == "GET" else {method}:
            response = await anonymous.request(verb, path, headers=headers)
            assert (operation, response.status_code) == (operation, 401)
            assert response.headers["WWW-Authenticate"] == "Cookie"


@pytest.mark.parametrize(
    "others", ["theme=dark; {}", "{}; theme=dark", "a={}; b; {}", "csrf=x;{}"]
)
async def test_other_cookies_do_not_matter(
    anonymous: httpx2.AsyncClient, user: User, log_in: LogIn, others: str
) -> None:
    shown = (await log_in(user))["Cookie"]
    headers = {"Cookie": others.replace("{}", shown)}
    assert (await anonymous.get(ME, headers=headers)).status_code == 200
