"""What suites leave behind on a server is found, and nothing else is."""

from __future__ import annotations

from uuid import uuid4

import pytest
from redis import Redis

from tests.suites import servers
from tests.suites.conftest import WITHOUT, required


def test_a_key_of_a_suite_is_found_and_dropped() -> None:
    server = servers.find("redis")
    if server is None:
        (pytest.fail if required() else pytest.skip)(WITHOUT["redis"])
    of_a_suite, other = f"test-{uuid4().hex}:limits/a b", f"test-of-{uuid4().hex}"
    with Redis.from_url(server.url) as redis:
        redis.mset({of_a_suite: 1, other: 1})
        assert {of_a_suite, other} & servers.left(server) == {of_a_suite}
        servers.drop(server, of_a_suite)
        assert of_a_suite not in servers.left(server)
        assert redis.delete(other) == 1


def test_a_server_that_is_away_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "REDIS", "redis://127.0.0.1:9")
    assert servers.find("redis") is None
