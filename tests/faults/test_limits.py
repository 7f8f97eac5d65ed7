"""Limits under load: two workers, and several clients that ask far more often than they may."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.faults.conftest import RenderFor
from tests.faults.load import ADDRESSES, ask_often
from tests.faults.serving import ITEMS, Api, migrate, serve

LIMIT, TIMES, FEW_TIMES, WORKERS = 50, 200, 20, 2
LIMITED = {"RATE_LIMIT__DEFAULT": f"{LIMIT}/hour", "SERVER__WORKERS": str(WORKERS)}
PROXY, OTHERS = ADDRESSES[0], ADDRESSES[1:]
SPOOFED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP")

UNSAID: Mapping[str, str] = {}

Statuses = dict[str, Counter[int]]


@pytest.fixture(scope="module")
def in_redis(render_for: RenderFor) -> Path:
    """A project that counts in Redis."""
    return render_for("sqlite", rate_limit="redis")


@pytest.fixture(scope="module")
def in_memory(render_for: RenderFor) -> Path:
    """A project that counts in memory."""
    return render_for("sqlite")


@pytest.fixture
def url(in_redis: Path, tmp_path: Path) -> str:
    """A migrated database."""
    url = f"sqlite:///{tmp_path / 'app.db'}"
    migrate(in_redis, url)
    return url


def flood(
    api: Api, addresses: tuple[str, ...], times: int = TIMES, headers: Mapping[str, str] = UNSAID
) -> Statuses:
    """Ask from all addresses at once; nothing but success and 429 is answered."""

    async def ask() -> list[Counter[int]]:
        base = api.client.base_url
        asked = (ask_often(base, address, ITEMS, times, headers) for address in addresses)
        return await asyncio.gather(*asked)

    found = dict(zip(addresses, asyncio.run(ask()), strict=True))
    assert all(set(one) <= {200, 429} and one.total() == times for one in found.values())
    return found


def test_redis_counts_exactly_across_workers(
    in_redis: Path, url: str, redis: dict[str, str]
) -> None:
    with serve(in_redis, url, **LIMITED, **redis) as api:
        found = flood(api, ADDRESSES)
    assert {address: one[200] for address, one in found.items()} == dict.fromkeys(ADDRESSES, LIMIT)


def test_each_worker_counts_by_itself_in_its_memory(in_memory: Path, url: str) -> None:
    with serve(in_memory, url, **LIMITED) as api:
        found = flood(api, ADDRESSES)
    assert all(LIMIT <= one[200] <= WORKERS * LIMIT for one in found.values())
    assert any(one[200] > LIMIT for one in found.values()), "both workers have answered"


def test_nobody_gets_more_by_what_it_says_of_its_address(
    in_redis: Path, url: str, redis: dict[str, str]
) -> None:
    with serve(in_redis, url, **LIMITED, **redis, HTTP__TRUSTED_PROXIES=PROXY) as api:
        flood(api, OTHERS)
        for name in SPOOFED:
            value = "for=198.51.100.9" if name == "Forwarded" else "198.51.100.9"
            found = flood(api, OTHERS, FEW_TIMES, {name: value})
            assert all(one[200] == 0 for one in found.values()), name


def test_behind_a_proxy_the_address_that_it_saw_counts(
    in_redis: Path, url: str, redis: dict[str, str]
) -> None:
    with serve(in_redis, url, **LIMITED, **redis, HTTP__TRUSTED_PROXIES=PROXY) as api:
        chains = ("203.0.113.7", "198.51.100.9, 203.0.113.7", "203.0.113.7, 203.0.113.8")
        asked = [flood(api, (PROXY,), headers={"X-Forwarded-For": chain}) for chain in chains]
    assert [found[PROXY][200] for found in asked] == [LIMIT, 0, LIMIT]
