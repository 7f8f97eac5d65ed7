"""Redis goes away in mid-load: the API goes on without it, but lets nobody guess passwords."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.faults.conftest import RenderFor
from tests.faults.load import ADDRESSES, client_from, timed
from tests.faults.proxy import Fault, Proxy, open_proxy
from tests.faults.serving import PATIENCE, REQUEST_TIMEOUT, Answer, Api, create_user, migrate, serve

NAME, PASSWORD = "ada", "Nine-Lamps-On-A-Shelf"
ME, LIVE, READY = "/api/v1/users/me", "/health/live", "/health/ready"
SETTINGS = {"SERVER__WORKERS": "2", "RATE_LIMIT__DEFAULT": "1000000/hour"}
RETRY_INTERVAL = 1
TRIES = 4
"""Requests that are made one by one: both workers answer some."""

PAUSE = 0.05
ENOUGH = 40
"""So many answers to the load are awaited before something else happens."""

Answers = list[Answer]


@dataclass(frozen=True)
class Limited:
    """The application, what stands between it and Redis, and the proof of a login."""

    api: Api
    proxy: Proxy
    token: str

    async def logins(self) -> Answers:
        """Log in several times."""
        return [await asyncio.to_thread(self.api.log_in, NAME, PASSWORD) for _ in range(TRIES)]

    async def statuses(self, path: str) -> set[int]:
        """Ask for something several times, and tell how it is answered."""
        answers = [await asyncio.to_thread(self.api.get, path) for _ in range(TRIES)]
        return {answer.response.status_code for answer in answers}


@pytest.fixture(scope="module")
def root(render_for: RenderFor) -> Path:
    """A project with accounts."""
    return render_for("sqlite", "jwt", "redis")


@pytest.fixture
def limited(root: Path, tmp_path: Path, redis: dict[str, str]) -> Iterator[Limited]:
    """The running application, which reaches Redis through the proxy; its log shows no surprise."""
    url = f"sqlite:///{tmp_path / 'app.db'}"
    migrate(root, url)
    create_user(root, url, NAME, PASSWORD, **redis)
    direct = urlsplit(redis["REDIS_URL"])
    with open_proxy(direct.hostname or "127.0.0.1", direct.port or 6379) as proxy:
        behind = direct._replace(netloc=f"127.0.0.1:{proxy.port}").geturl()
        with serve(root, url, **SETTINGS, **(redis | {"REDIS_URL": behind})) as api:
            token = api.log_in(NAME, PASSWORD).response.json()["access_token"]
            yield Limited(api, proxy, token)
    log = api.log.read_text()
    assert "Traceback" not in log
    assert '"status":500' not in log


@asynccontextmanager
async def load(limited: Limited) -> AsyncIterator[Answers]:
    """Ask from all addresses, all the time; give the answers, which grow in number."""
    answers: Answers = []
    over = asyncio.Event()
    headers = {"Authorization": f"Bearer {limited.token}"}

    async def ask(address: str) -> None:
        async with client_from(address, limited.api.client.base_url) as client:
            while not over.is_set():
                answers.append(await timed(client, ME, headers))
                await asyncio.sleep(PAUSE)

    async with asyncio.timeout(2 * PATIENCE), asyncio.TaskGroup() as group:
        for address in ADDRESSES * 2:
            group.create_task(ask(address))
        yield answers
        over.set()


async def more(answers: Answers) -> Answers:
    """Wait until there are more answers, and give these."""
    before = len(answers)
    while len(answers) < before + ENOUGH:
        await asyncio.sleep(PAUSE)
    return answers[before:]


def are_counted(answers: Answers) -> set[bool]:
    """Tell which answers say what is left."""
    return {"RateLimit" in answer.response.headers for answer in answers}


async def is_given_up(limited: Limited, answers: Answers) -> bool:
    """Tell whether nothing waits for Redis, and only what needs it is refused."""
    refused = await limited.logins()
    assert await limited.statuses(LIVE) == {200}
    assert await limited.statuses(READY) == {503}
    assert are_counted(await more(answers)) == {False}
    return all(answer.is_unavailable() for answer in refused)


async def is_back(limited: Limited, answers: Answers) -> bool:
    """Tell whether everything is as before, once each worker has tried again."""
    await asyncio.sleep(2 * RETRY_INTERVAL)
    assert await limited.statuses(READY) == {200}
    assert are_counted(await more(answers)) == {True}
    return {answer.response.status_code for answer in await limited.logins()} == {200}


async def lose_and_find(limited: Limited, fault: Fault) -> Answers:
    """Let Redis go away and come back while there is load; give the answers to the load."""
    async with load(limited) as answers:
        assert are_counted(await more(answers)) == {True}
        limited.proxy.fault = fault
        if fault is Fault.CLOSE:
            limited.proxy.refuse()
        await more(answers)
        assert await is_given_up(limited, answers)
        limited.proxy.heal()
        assert await is_back(limited, answers)
    return answers


@pytest.mark.parametrize("fault", [Fault.CLOSE, Fault.HANG])
def test_without_redis_all_goes_on_but_logins(limited: Limited, fault: Fault) -> None:
    answers = asyncio.run(lose_and_find(limited, fault))
    assert {answer.response.status_code for answer in answers} == {200}
    assert max(answer.seconds for answer in answers) < REQUEST_TIMEOUT


@pytest.mark.parametrize("how", ["cut", "reset"])
def test_connections_to_redis_that_are_lost_are_not_noticed(limited: Limited, how: str) -> None:
    assert asyncio.run(lose_again_and_again(limited, how)) == {200}


async def lose_again_and_again(limited: Limited, how: str) -> set[int]:
    """Lose the connections between logins, and tell how these are answered."""
    answers: Answers = []
    for _ in range(TRIES):
        getattr(limited.proxy, how)()
        answers += await limited.logins()
    return {answer.response.status_code for answer in answers}
