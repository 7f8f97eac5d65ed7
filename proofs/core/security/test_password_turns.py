"""Passwords take turns: only a few are hashed at once, and only so many wait."""

import asyncio
import threading

import pytest
from passlib.context import CryptContext

from app.core.errors import UnavailableError
from app.core.security.passwords import PasswordHasher, VerifyResult
from proofs.core.security.verdicts import RIGHT, make_passwords, verdict


class Gate:
    """Holds every verification until it is opened, and counts those that have begun."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened = threading.Event()
        self.begun = threading.Semaphore(0)
        self.now = self.most = 0
        self._lock = threading.Lock()
        self._verify = CryptContext.verify
        monkeypatch.setattr(CryptContext, "verify", lambda *args: self._hold(*args))

    def _hold(self, context: CryptContext, password: str, stored: str) -> bool:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.begun.release()
        self.opened.wait(10)
        with self._lock:
            self.now -= 1
        return self._verify(context, password, stored)

    async def wait(self, count: int) -> None:
        """Wait until so many more have begun."""
        for _ in range(count):
            assert await asyncio.to_thread(self.begun.acquire, timeout=10)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Give a gate through which every verification goes."""
    return Gate(monkeypatch)


def logins(passwords: PasswordHasher, count: int) -> list[asyncio.Task[VerifyResult]]:
    return [asyncio.create_task(verdict(passwords, RIGHT, None)) for _ in range(count)]


async def test_only_a_few_are_hashed_at_once(gate: Gate) -> None:
    running = logins(make_passwords(concurrency=3), 7)
    await gate.wait(3)
    assert gate.now == 3
    gate.opened.set()
    assert await asyncio.gather(*running) == [VerifyResult(matches=False)] * 7
    assert gate.most == 3


async def test_too_many_do_not_wait(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.security.passwords.MAX_WAITING", 2)
    passwords = make_passwords(concurrency=1)
    running = logins(passwords, 3)
    await gate.wait(1)
    with pytest.raises(UnavailableError):
        await verdict(passwords, RIGHT, None)
    with pytest.raises(UnavailableError):
        await passwords.hash(RIGHT)
    gate.opened.set()
    await asyncio.gather(*running)
    assert not (await verdict(passwords, RIGHT, None)).matches


async def test_the_hash_is_looked_up_when_it_is_ones_turn(gate: Gate) -> None:
    passwords, looked_up = make_passwords(concurrency=1), asyncio.Event()

    async def find_stored() -> None:
        looked_up.set()

    first = logins(passwords, 1)
    await gate.wait(1)
    second = asyncio.create_task(passwords.verify(RIGHT, find_stored))
    await asyncio.sleep(0)
    assert not looked_up.is_set()
    gate.opened.set()
    await asyncio.gather(*first, second)
    assert looked_up.is_set()


async def test_a_failing_look_up_gives_its_place_back() -> None:
    async def fail() -> None:
        raise LookupError

    passwords = make_passwords(concurrency=1)
    with pytest.raises(LookupError):
        await passwords.verify(RIGHT, fail)
    assert not (await verdict(passwords, RIGHT, None)).matches


async def test_a_cancelled_look_up_gives_its_place_back() -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    passwords = make_passwords(concurrency=1)
    task = asyncio.create_task(passwords.verify(RIGHT, hang))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert not (await verdict(passwords, RIGHT, None)).matches


async def test_a_cancelled_request_keeps_its_place_until_its_thread_is_done(
    gate: Gate,
) -> None:
    passwords, looked_up = make_passwords(concurrency=1), asyncio.Event()

    async def find_stored() -> None:
        looked_up.set()

    [given_up] = logins(passwords, 1)
    await gate.wait(1)
    given_up.cancel()
    await asyncio.wait([given_up])
    other = asyncio.create_task(passwords.verify(RIGHT, find_stored))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not looked_up.is_set()
    gate.opened.set()
    assert not (await other).matches
    assert gate.most == 1


async def test_those_who_gave_up_waiting_leave_the_queue(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.security.passwords.MAX_WAITING", 1)
    passwords = make_passwords(concurrency=1)
    first, waiting = logins(passwords, 2)
    await gate.wait(1)
    waiting.cancel()
    await asyncio.wait([waiting])
    [other] = logins(passwords, 1)
    gate.opened.set()
    assert not (await first).matches
    assert not (await other).matches
