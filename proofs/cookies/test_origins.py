"""Changes are refused to pages of other origins, whatever else they know."""

import httpx2
import pytest

from app.accounts.models import User
from app.core.http.request import SAFE_METHODS
from app.core.settings import CorsSettings
from proofs.accounts.calls import LOGIN, ME, target
from proofs.accounts.permissions import Permission
from proofs.cookies.cookies import TOKEN
from proofs.fixtures.accounts import Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.log import ReadLog
from proofs.fixtures.users import PASSWORD, LogIn

TRUSTED = "https://app.example.com"
FOREIGN = [
    "null",
    "",
    "*",
    "test",
    "//test",
    "https://evil.example",
    "http://test.evil",
    "http://eviltest",
    "http://evil-test",
    "http://test:8080",
    "http://test:",
    "http://test.",
    "http://test/",
    "http://test/evil",
    "http://test@evil",
    "http://evil@test",
    "http://test#evil",
    "http://test?evil",
    "http://test\\evil",
    "http://te\tst",
    "http://test http://test",
    "http://test,http://evil",
    "ftp://test",
    "http://[",
    "http://[::1]",
    "http://tést",
]


async def test_a_page_of_another_origin_changes_nothing(
    client: httpx2.AsyncClient,
    permissions: dict[str, Permission],
    statements: list[str],
) -> None:
    changes = [key for key in permissions if key.split()[0] not in SAFE_METHODS]
    assert {"POST /api/v1/auth/login", "POST /api/v1/auth/register"} < set(changes)
    statements.clear()
    for operation in changes:
        method, path = target(operation)
        for headers in (
            {"Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
        ):
            response = await client.request(method, path, headers=headers)
            assert (operation, response.status_code) == (operation, 403)
            assert response.json()["error_code"] == "csrf"
    assert statements == []


async def test_an_origin_that_looks_like_ours_is_another(
    client: httpx2.AsyncClient,
) -> None:
    for origin in FOREIGN:
        headers = {b"Origin": origin.encode("latin-1")}
        response = await client.patch(ME, json={}, headers=headers)
        assert (origin, response.status_code) == (origin, 403)
        assert response.json()["error_code"] == "csrf"


async def test_our_own_pages_and_what_is_no_browser_may_make_changes(
    client: httpx2.AsyncClient,
) -> None:
    for origin in ("http://test", "https://test", "HTTP://TEST"):
        headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
        assert (await client.patch(ME, json={}, headers=headers)).status_code == 200
    for headers in (
        {},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://other", "Host": "other"},
    ):
        assert (await client.patch(ME, json={}, headers=headers)).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "same-origin, none"])
async def test_what_a_browser_says_of_the_site_counts_too(
    client: httpx2.AsyncClient, site: str
) -> None:
    for headers in ({}, {"Origin": "http://test"}):
        sent = headers | {"Sec-Fetch-Site": site}
        assert (await client.patch(ME, json={}, headers=sent)).status_code == 403


async def test_everybody_may_read(client: httpx2.AsyncClient) -> None:
    for headers in ({"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert (await client.get(ME, headers=headers)).status_code == 200
        assert (await client.head(ME, headers=headers)).status_code == 200


async def test_a_trusted_origin_may_make_changes_with_the_token(
    serve: Serve, user: User, log_in: LogIn
) -> None:
    headers = await log_in(user) | {"Origin": TRUSTED, "Sec-Fetch-Site": "cross-site"}
    cors = CorsSettings(allow_origins=(TRUSTED, "*"))
    async with client_key(serve(cors=cors), headers=headers) as client:
        assert (await client.patch(ME, json={})).status_code == 200
        assert (await client.patch(ME, json={}, headers={TOKEN: ""})).status_code == 403
        form = {"username": user.username, "password": PASSWORD}
        for origin in (
            "http://app.example.com",
            f"{TRUSTED}:8443",
            f"{TRUSTED}.evil",
            "null",
        ):
            changed = await client.patch(ME, json={}, headers={"Origin": origin})
            login = await client.post(LOGIN, data=form, headers={"Origin": origin})
            assert (origin, changed.status_code, login.status_code) == (
                origin,
                403,
                403,
            )


async def test_a_foreign_origin_is_logged(serve: Serve, log: ReadLog) -> None:
    async with client_key(serve()) as client:
        await client.post(LOGIN, data={}, headers={"Origin": "https://evil.example"})
    assert [entry["origin"] for entry in log() if "origin" in entry] == [
        "https://evil.example"
    ]


async def test_of_an_endless_origin_the_beginning_is_logged(
    serve: Serve, log: ReadLog
) -> None:
    origin = f"https://{'evil.' * 1000}example"
    async with client_key(serve()) as client:
        assert (
            await client.post(LOGIN, data={}, headers={"Origin": origin})
        ).status_code == 403
    assert [entry["origin"] for entry in log() if "origin" in entry] == [origin[:255]]
