"""Behind a real PgBouncer that lends connections for a transaction, a project works as ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import make_url

from tests.faults.conftest import RenderFor, found
from tests.faults.locks import locked_items
from tests.faults.pooling import pooler
from tests.faults.serving import ITEMS, PATIENCE, Api, at_once, migrate, serve
from tests.suites import servers

CLIENTS, ROUNDS = 10, 20
LOCKS = """
SELECT count(*)::text FROM pg_locks JOIN pg_database ON pg_database.oid = database
WHERE locktype = 'advisory' AND datname = '{name}'
"""
# Many more connections of the application than the pooler has. Nothing but the limit of a
# lock ends what waits before a test does.
SETTINGS = {
    "DATABASE__POOLER": "true",
    "DATABASE__POOL_SIZE": "8",
    "DATABASE__CONNECT_TIMEOUT": "60",
    "DATABASE__STATEMENT_TIMEOUT": "60",
    "HTTP__REQUEST_TIMEOUT": "60",
    "SERVER__WORKERS": "2",
}


@dataclass(frozen=True)
class Pooled:
    """The application behind the pooler, and the database itself."""

    api: Api
    url: str


@pytest.fixture(scope="module")
def pooled(render_for: RenderFor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooled]:
    """Migrate and serve a project through the pooler."""
    server, name = found("postgresql"), f"faults_{uuid4().hex}"
    root, direct = render_for("postgresql"), make_url(server.url).set(database=name)
    server.ask(f"CREATE DATABASE {name}")
    try:
        with pooler(direct, tmp_path_factory.mktemp("pooler")) as url:
            with ThreadPoolExecutor() as pool:
                # Two at the same time: one waits.
                list(pool.map(lambda one: migrate(root, one, **SETTINGS), [url] * 2))
            assert server.ask(LOCKS.format(name=name)) == ["0"]
            with serve(root, url, **SETTINGS) as api:
                yield Pooled(api, direct.render_as_string(hide_password=False))
    finally:
        servers.drop(server, name)


def ask(api: Api, number: int) -> Counter[int]:
    """Do a bit of everything, again and again; count the answers by their status."""
    statuses: Counter[int] = Counter()
    with httpx2.Client(base_url=api.client.base_url, timeout=PATIENCE) as client:
        for turn in range(ROUNDS):
            created = client.post(ITEMS, json={"name": f"{number} {turn}"})
            one = created.headers["Location"]
            tag = {"If-Match": created.headers["ETag"]}
            others = (
                client.get(ITEMS),
                client.get(one),
                client.patch(one, json={"description": "Changed"}, headers=tag),
                client.get("/health/ready"),
            )
            statuses.update(answer.status_code for answer in (created, *others))
    return statuses


def test_a_thousand_requests_of_several_clients(pooled: Pooled) -> None:
    with ThreadPoolExecutor(CLIENTS) as pool:
        found = sum(pool.map(lambda number: ask(pooled.api, number), range(CLIENTS)), Counter())
    assert found == {201: CLIENTS * ROUNDS, 200: 4 * CLIENTS * ROUNDS}


def test_time_limits_hold_for_each_transaction(pooled: Pooled) -> None:
    already = pooled.api.log.stat().st_size
    with locked_items(pooled.url):
        answers = at_once(*[pooled.api.get] * CLIENTS, lambda: pooled.api.create("Locked"))
    assert {answer.response.status_code for answer in answers} == {503}
    assert b"request_timed_out" not in pooled.api.log.read_bytes()[already:]
    assert pooled.api.works()
