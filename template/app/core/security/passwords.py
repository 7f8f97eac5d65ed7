"""Hashes and verifies passwords, a few at a time."""

import asyncio
import os
import unicodedata
from base64 import b64encode
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from anyio import Semaphore
from passlib.context import CryptContext
from pydantic import Field

from app.core.errors import UnavailableError
from app.core.settings import SettingsGroup

T = TypeVar("T")

MAX_LENGTH = 128
"""Characters that a password has at most; NIST asks for 64 (SP 800-63B-4, 3.1.1.2)."""
MAX_WAITING, MAX_WAITING_PER_CLIENT = 100, 50
"""Passwords that may wait for their turn, and those of one client among them.

Further ones are refused with 503, so that no client keeps out all others.
"""
OWASP_MEMORY_KIB = 19456
"""The least for Argon2id with two passes (OWASP Password Storage Cheat Sheet)."""


class PasswordSettings(SettingsGroup):
    """What a new password must be like, and how many are hashed at a time.

    Attributes:
        min_length: Characters that a password has at least.
        require_mixed_case: Whether it must have lower-case and upper-case letters.
        require_digit: Whether it must have a digit.
        require_symbol: Whether it must have something that is neither letter, digit nor
            space.
        memory_kib: Memory that hashing a password takes, and with it time: 20 ms by
            default.
            Production refuses less than the default. A hash made with another amount is
            replaced when its user logs in.
        concurrency: Passwords that are hashed at once; `None` means: as many as there
            are processors, but at most four, shared among the workers.
    """

    min_length: int = Field(default=12, ge=8, le=MAX_LENGTH)
    require_mixed_case: bool = False
    require_digit: bool = False
    require_symbol: bool = False
    memory_kib: int = Field(default=OWASP_MEMORY_KIB, ge=8, le=2**20)
    concurrency: int | None = Field(default=None, ge=1)


class BoundedThreadPool:
    """Bounds the work at a time, and the work that waits; belongs to an event loop.

    Args:
        name: What it is; so its threads are called.
        places: How many run at once.
        max_waiting: How many may wait for a place.
        max_waiting_per_client: How many of one client among them.
    """

    def __init__(
        self, name: str, places: int, *, max_waiting: int, max_waiting_per_client: int
    ) -> None:
        self._places = Semaphore(places)
        self._threads = ThreadPoolExecutor(places, thread_name_prefix=name)
        self._max_waiting = max_waiting
        self._max_waiting_per_client = max_waiting_per_client
        self._waiting: Counter[str] = Counter()

    def close(self) -> None:
        """Let the threads end; what still waits gets no answer."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def acquire(self, client: str) -> None:
        """Wait for a place; `run` or `release` gives it back.

        Raises:
            UnavailableError: If too many are waiting already, or too many of this
                client's.
        """
        waiting = self._places.statistics().tasks_waiting
        if (
            waiting >= self._max_waiting
            or self._waiting[client] >= self._max_waiting_per_client
        ):
            raise UnavailableError
        self._waiting[client] += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= Counter([client])

    def release(self) -> None:
        """Give a place back without having worked."""
        self._places.release()

    async def run(self, work: Callable[[], T]) -> T:
        """Work in a thread, and give the place back when the thread is done.

        A cancelled request leaves its thread behind, and that still takes memory and
        time.
        """
        loop = asyncio.get_running_loop()
        job = self._threads.submit(work)
        job.add_done_callback(lambda _: loop.call_soon_threadsafe(self._places.release))
        return await asyncio.wrap_future(job)


# With 19 MiB of memory, OWASP's choice for Argon2id.
PASSES, LANES = 2, 1
MAX_INPUT = 1024
"""More than the longest password can be written with.

Normalizing takes time that grows with the square of the length, and stops the event
loop.
"""


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What came of verifying a password.

    Attributes:
        matches: Whether it is the right one.
        new_hash: A new hash to store, if the stored one is of an older kind.
    """

    matches: bool
    new_hash: str | None = field(default=None, repr=False)


def normalize(password: str) -> str:
    """Return the one form of a password that keyboards and systems write differently (NFC)."""
    return unicodedata.normalize("NFC", password)


def nobodys_hash(memory_kib: int) -> str:
    """Create a hash that takes as long to verify as any other; no password can be found for it."""
    salt, digest = (b64encode(bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={memory_kib},t={PASSES},p={LANES}${salt}${digest}"


class PasswordHasher:
    """Hashes and verifies passwords in threads, at most a few at a time.

    By default, each takes 19 MiB and a processor for 20 ms: without a bound, a flood of
    logins would take all memory, and the event loop's time. It belongs to one event
    loop.
    """

    def __init__(self, settings: PasswordSettings, *, workers: int = 1) -> None:
        self._context = CryptContext(
            schemes=["argon2", "bcrypt"],
            deprecated="auto",
            argon2__memory_cost=settings.memory_kib,
            argon2__time_cost=PASSES,
            argon2__parallelism=LANES,
            bcrypt__rounds=12,
        )
        self._nobodys_hash = nobodys_hash(settings.memory_kib)
        self._pool = BoundedThreadPool(
            "passwords",
            settings.concurrency or max(1, min(4, os.cpu_count() or 1) // workers),
            max_waiting=MAX_WAITING,
            max_waiting_per_client=MAX_WAITING_PER_CLIENT,
        )

    def close(self) -> None:
        """Let the threads end; whoever still waits gets no answer."""
        self._pool.close()

    async def hash(self, password: str, *, client: str = "") -> str:
        """Hash a password for storing it.

        Args:
            password: What somebody has chosen.
            client: From whom it comes.

        Raises:
            UnavailableError: If too many are waiting already, or too many of this
                client's.
        """
        await self._pool.acquire(client)
        return await self._pool.run(lambda: self._hash(password))

    async def verify(
        self,
        password: str,
        find_stored: Callable[[], Awaitable[str | None]],
        *,
        client: str = "",
    ) -> VerifyResult:
        """Compare a password with a stored hash.

        The work is the same whatever is stored, so that its time tells nothing about an
        account.

        Args:
            password: What was given.
            find_stored: Finds the hash, when it is this password's turn: what happened
                while it
                waited, such as other failed attempts, counts.
            client: From whom it comes.

        Raises:
            UnavailableError: If too many are waiting already, or too many of this
                client's.
        """
        await self._pool.acquire(client)
        try:
            stored = await find_stored()
        except BaseException:
            self._pool.release()
            raise
        return await self._pool.run(lambda: self._verify(password, stored))

    def _hash(self, password: str) -> str:
        return self._context.hash(normalize(password))

    def _verify(self, password: str, stored: str | None) -> VerifyResult:
        """Verify exactly once; what cannot be compared costs as much as what can."""
        comparable = len(password) <= MAX_INPUT and self._context.identify(stored or "")
        if not stored or not comparable:
            self._context.verify("", self._nobodys_hash)
            return VerifyResult(matches=False)
        password = normalize(password)
        try:
            matches = self._context.verify(password, stored)
        except (NotImplementedError, TypeError, ValueError):
            # A damaged hash, or a password that bcrypt would cut: past 72 bytes, or at
            # a NUL.
            self._context.verify("", self._nobodys_hash)
            return VerifyResult(matches=False)
        if matches and self._context.needs_update(stored):
            return VerifyResult(matches, new_hash=self._context.hash(password))
        return VerifyResult(matches)
