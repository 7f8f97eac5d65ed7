"""Running projects whose servers can be made to fail; one serves all tests of its database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from tests.faults.proxy import Proxy, open_proxy
from tests.faults.serving import Api, migrate, serve
from tests.matrix import headline
from tests.suites import servers
from tests.suites.conftest import WITHOUT, required
from tests.suites.servers import Server
from tests.support.render import render

PORTS = {"postgresql": 5432, "mysql": 3306}


@dataclass(frozen=True)
class Faulty:
    """The application, what stands between it and its database, and the database itself."""

    api: Api
    proxy: Proxy
    url: str


RenderFor = Callable[..., Path]


@pytest.fixture(scope="package")
def render_for(tmp_path_factory: pytest.TempPathFactory) -> RenderFor:
    """Render the project for a database; without accounts, unless it is they that are tested."""

    def render_one(database: str, auth: str = "none", rate_limit: str = "memory") -> Path:
        answers = headline(database=database, auth=auth, rate_limit=rate_limit).answers
        return render(answers, tmp_path_factory.mktemp("faults") / database)

    return render_one


def found(name: str) -> Server:
    """Find a server; without it nothing can be tested."""
    server = servers.find(name)
    if server is None:
        (pytest.fail if required() else pytest.skip)(WITHOUT[name])
    return server


@pytest.fixture
def redis() -> Iterator[dict[str, str]]:
    """Where Redis is and what our keys begin with, as settings; in the end they are removed."""
    server, prefix = found("redis"), f"test-{uuid4().hex}:"
    yield {"REDIS_URL": server.url, "REDIS__PREFIX": prefix}
    for key in server.ask(f"KEYS {prefix}*"):
        servers.drop(server, key)


@pytest.fixture(scope="package", params=["postgresql", "mysql"])
def served(request: pytest.FixtureRequest, render_for: RenderFor) -> Iterator[Faulty]:
    """Serve the project behind the proxy."""
    server = found(request.param)
    root, name = render_for(request.param), f"faults_{uuid4().hex}"
    direct = make_url(server.url).set(database=name)
    host, port = direct.host or "127.0.0.1", direct.port or PORTS[request.param]
    server.ask(f"CREATE DATABASE {name}")
    try:
        migrate(root, direct.render_as_string(hide_password=False))
        with open_proxy(host, port) as proxy:
            behind = direct.set(host="127.0.0.1", port=proxy.port)
            with serve(root, behind.render_as_string(hide_password=False)) as api:
                yield Faulty(api, proxy, direct.render_as_string(hide_password=False))
    finally:
        servers.drop(server, name)


@pytest.fixture
def faulty(served: Faulty) -> Iterator[Faulty]:
    """Let a test begin with connections in the pool, and end with a clean log."""
    served.proxy.heal()
    assert served.api.works()
    already = served.api.log.stat().st_size
    yield served
    served.proxy.heal()
    assert served.api.works()
    log = served.api.log.read_bytes()[already:].decode()
    assert "Traceback" not in log
    assert '"status":500' not in log
    # The database's own time-outs end what hangs, before that of a request does.
    assert "request_timed_out" not in log
