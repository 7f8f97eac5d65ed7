"""Which attempts count as those of one client."""

from itertools import count

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.settings import ThrottleSettings
from app.core.settings import HttpSettings
from proofs.accounts.calls import attempt
from proofs.fixtures.accounts import Clock, Serve
from proofs.fixtures.app import client_key

PEER, PROXY = "203.0.113.9", "10.0.0.1"
VICTIM = "198.51.100.7"

numbers = count(1)


@pytest.fixture
def one_is_free(
    serve: Serve,
    clock: Clock,  # noqa: ARG001
) -> FastAPI:
    """Give an application behind a proxy, in which a client's second failure must wait."""
    return serve(
        http=HttpSettings(trusted_proxies=("10.0.0.0/8", "2001:db8:ffff::/48")),
        throttle=ThrottleSettings(failures=1, failures_per_client=1),
    )


async def guess(client: httpx2.AsyncClient, **headers: str) -> httpx2.Response:
    """Try to log in, each time to another account: what counts is who tries."""
    return await attempt(
        client, f"nobody{next(numbers)}", "a-wrong-password", **headers
    )


async def fail(app: FastAPI, peer: str, *forwarded: str) -> int:
    """Try to log in by way of proxies."""
    headers = [("X-Forwarded-For", line) for line in forwarded]
    async with client_key(app, client=(peer, 50000), headers=headers) as client:
        return (await guess(client)).status_code


@pytest.mark.parametrize(
    "name",
    [
        *(
            "X-Forwarded-For",
            "X-Real-IP",
            "X-Client-IP",
            "True-Client-IP",
            "CF-Connecting-IP",
        ),
        *("Forwarded", "X-Forwarded", "X-Originating-IP", "X-Cluster-Client-IP"),
    ],
)
async def test_a_client_cannot_choose_its_address(
    one_is_free: FastAPI, name: str
) -> None:
    async with client_key(one_is_free, client=(PEER, 50000)) as client:
        first = await guess(client, **{name: "198.51.100.1"})
        second = await guess(client, **{name: "198.51.100.2"})
    assert (first.status_code, second.status_code) == (401, 429)


async def test_a_login_is_counted_by_the_address_that_the_proxy_saw(
    one_is_free: FastAPI,
) -> None:
    async with client_key(one_is_free, client=(PROXY, 50000)) as client:
        for forwarded, status in (
            (VICTIM, 401),
            (f"1.1.1.1, {VICTIM}", 429),
            (f"{VICTIM}, {PEER}", 401),
        ):
            headers = {"X-Forwarded-For": forwarded}
            response = await attempt(client, "ada", "a-wrong-password", **headers)
            assert response.status_code == status


@pytest.mark.parametrize(
    "forwarded",
    [
        [VICTIM],
        [f"1.1.1.1, {VICTIM}"],
        [f"{PEER},{VICTIM}"],
        [f"1.1.1.1, {VICTIM}, 10.0.0.2"],
        [f"1.1.1.1, {VICTIM}, 2001:db8:ffff::1"],
        ["1.1.1.1", VICTIM],
        [f"1.1.1.1, {VICTIM}", "10.0.0.2"],
        [f"garbage, {VICTIM}"],
        [f", ,{VICTIM}"],
        [f"{VICTIM}:443"],
        [f"::ffff:{VICTIM}"],
        ["a" * 10_000, VICTIM],
    ],
    ids=lambda value: str(value)[:60],
)
async def test_the_last_hop_that_is_not_trusted_is_the_client(
    one_is_free: FastAPI, forwarded: list[str]
) -> None:
    assert await fail(one_is_free, PROXY, VICTIM) == 401
    assert await fail(one_is_free, PROXY, *forwarded) == 429
    assert await fail(one_is_free, VICTIM) == 429
    assert await fail(one_is_free, PROXY, PEER) == 401


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("2001:db8::1", "2001:db8::1", 429),
        ("2001:db8::1", "2001:db8::ffff:1:2:3", 429),
        ("2001:db8::1", "2001:DB8:0:0::2", 429),
        ("2001:db8::1", "2001:db8:0:1::1", 401),
        ("fe80::1%eth0", "fe80::2%eth1", 429),
        ("::ffff:198.51.100.7", "198.51.100.7", 429),
        ("::ffff:198.51.100.7", "::ffff:198.51.100.8", 401),
        ("198.51.100.7", "198.51.100.8", 401),
        ("[2001:db8::1]:443", "2001:db8::2", 429),
        ("garbage", "garbage", 429),
        ("", "", 429),
    ],
)
async def test_a_client_is_an_address_or_a_network_of_ipv6(
    one_is_free: FastAPI, first: str, second: str, status: int
) -> None:
    assert await fail(one_is_free, PROXY, first) == 401
    assert await fail(one_is_free, PROXY, second) == status


async def test_a_peer_without_an_address_is_a_client_too(one_is_free: FastAPI) -> None:
    transport = httpx2.ASGITransport(one_is_free, client=("", 0))
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://test"
    ) as client:
        answers = [await guess(client) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [401, 429]
