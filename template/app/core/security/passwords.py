"""Passwords: which are good enough, and how they are hashed."""

import asyncio
import gzip
import os
import re
import unicodedata
from base64 import b64encode
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

from anyio import Semaphore
from passlib.context import CryptContext
from pydantic import Field

from app.core.errors import InvalidError, UnavailableError
from app.core.fields.text import fold
from app.core.settings import SettingsGroup

T = TypeVar("T")

MAX_LENGTH = 128
"""Characters that a password has at most; NIST asks for 64 (SP 800-63B-4, 3.1.1.2)."""
MAX_INPUT = 1024
"""More than the longest password can be written with; longer ones are not read."""
MAX_WAITING, MAX_WAITING_PER_CLIENT = 100, 50
"""Passwords that may wait, so that no client keeps out all others."""
OWASP_MEMORY_KIB, PASSES, LANES = 19456, 2, 1
"""The least for Argon2id (OWASP Password Storage Cheat Sheet)."""
LONGEST_FORM = 4
"""Code points by which one character can be written; normalizing makes them one."""
MIN_CONTEXT_WORD, MIN_REST = 4, 6
PADDING = re.compile(r"[\W\d_]+\Z")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class PasswordSettings(SettingsGroup):
    """What a new password must be like, and how many are hashed at a time.

    Attributes:
        min_length: Characters that a password has at least.
        require_mixed_case: Whether it must have lower-case and upper-case letters.
        require_symbol: Whether it must have what is neither letter, digit nor space.
        memory_kib: Memory that hashing takes, and with it time: 20 ms by default, less
            than which production refuses. Other hashes are replaced at the next login.
        concurrency: Passwords that are hashed at once; `None` means: as many as there
            are processors, but at most four, shared among the workers.
    """

    min_length: int = Field(default=12, ge=8, le=MAX_LENGTH)
    require_mixed_case: bool = False
    require_digit: bool = False
    require_symbol: bool = False
    memory_kib: int = Field(default=OWASP_MEMORY_KIB, ge=8, le=2**20)
    concurrency: int | None = Field(default=None, ge=1)


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What came of verifying; `new_hash` replaces a stored one of an older kind."""

    matches: bool
    new_hash: str | None = field(default=None, repr=False)


def normalize(password: str) -> str:
    """Return the one form of a password that systems write differently (NFC)."""
    return unicodedata.normalize("NFC", password)


class PasswordHasher:
    """Hashes and verifies passwords in threads; belongs to one event loop.

    Without a bound, a flood of logins would take all memory and processors.
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
        # Takes as long to verify as any other, and no password can be found for it.
        salt, value = (b64encode(bytes(n)).decode().rstrip("=") for n in (16, 32))
        costs = f"m={settings.memory_kib},t={PASSES},p={LANES}"
        self._nobodys_hash = f"$argon2id$v=19${costs}${salt}${value}"
        places = settings.concurrency or max(1, min(4, os.cpu_count() or 1) // workers)
        self._places = Semaphore(places)
        self._threads = ThreadPoolExecutor(places, thread_name_prefix="passwords")
        self._waiting: Counter[str] = Counter()

    def close(self) -> None:
        """Let the threads end; whoever still waits gets no answer."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def hash(self, password: str, *, client: str = "") -> str:
        """Hash a password for storing it, when it is this client's turn.

        Raises:
            UnavailableError: If too many are waiting, or too many of this client's.
        """
        await self._wait_for_place(client)
        return await self._run(lambda: self._context.hash(normalize(password)))

    async def verify(
        self,
        password: str,
        find_stored: Callable[[], Awaitable[str | None]],
        *,
        client: str = "",
    ) -> VerifyResult:
        """Compare a password with a stored hash; it takes equally long without one.

        The hash is looked up when it is this client's turn: what has happened while it
        waited, such as other failed attempts, counts.

        Raises:
            UnavailableError: If too many are waiting, or too many of this client's.
        """
        await self._wait_for_place(client)
        try:
            stored = await find_stored()
        except BaseException:
            self._places.release()
            raise
        return await self._run(lambda: self._verify(password, stored))

    async def _wait_for_place(self, client: str) -> None:
        total = self._places.statistics().tasks_waiting
        if total >= MAX_WAITING or self._waiting[client] >= MAX_WAITING_PER_CLIENT:
            raise UnavailableError
        self._waiting[client] += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= Counter([client])

    async def _run(self, work: Callable[[], T]) -> T:
        """Work in a thread, which a cancelled request leaves behind; its place, too."""
        loop = asyncio.get_running_loop()
        job = self._threads.submit(work)
        job.add_done_callback(lambda _: loop.call_soon_threadsafe(self._places.release))
        return await asyncio.wrap_future(job)

    def _verify(self, password: str, stored: str | None) -> VerifyResult:
        """Verify exactly once; what cannot be compared costs as much as what can."""
        context = self._context
        if stored and len(password) <= MAX_INPUT and context.identify(stored):
            # Raised by a damaged hash, and by a password that bcrypt would cut: past 72
            # bytes, or at a NUL.
            with suppress(NotImplementedError, TypeError, ValueError):
                found = context.verify_and_update(normalize(password), stored)
                return VerifyResult(*found)
        context.verify("", self._nobodys_hash)
        return VerifyResult(matches=False)


@dataclass(frozen=True)
class PasswordPolicy:
    """Refuses passwords that are easy to guess."""

    settings: PasswordSettings
    project_name: str

    def check(
        self, password: str, *, personal: Iterable[str] = (), field: str = "password"
    ) -> None:
        """Refuse a password that breaks a rule, or is close to the account's names.

        Raises:
            InvalidError: With a sentence for each broken rule, at the field to blame.
        """
        broken = list(self._broken_rules(password, [*personal, self.project_name]))
        if broken:
            raise InvalidError("This password cannot be used.", fields={field: broken})

    def _broken_rules(self, password: str, context: list[str]) -> Iterator[str]:
        rules = self.settings
        # Normalizing takes time that grows with the square of the length.
        is_short = len(password) <= LONGEST_FORM * MAX_LENGTH
        if not is_short or len(password := normalize(password)) > MAX_LENGTH:
            yield f"It must have at most {MAX_LENGTH} characters."
            return
        if len(password) < rules.min_length:
            yield f"It must have at least {rules.min_length} characters."
        if UNSTORABLE.search(password):
            yield "It must not have characters that are not text."
        one_case = {password.upper(), password.lower()}
        if rules.require_mixed_case and password in one_case:
            yield "It must have both lower-case and upper-case letters."
        if rules.require_digit and not any(c.isdigit() for c in password):
            yield "It must have a digit."
        if rules.require_symbol and all(c.isalnum() or c.isspace() for c in password):
            yield "It must have a character that is neither letter, digit nor space."
        # Also without a suffix that makes it long: 1234, !, a year.
        forms = {fold(password), PADDING.sub("", fold(password))}
        if not common_passwords().isdisjoint(forms):
            yield "It is too common, or only slightly different from a common one."
        if is_mostly(password, context):
            yield "It is too close to the e-mail address, your name or this service."


@cache
def common_passwords() -> frozenset[str]:
    """Load the passwords that attackers try first; takes 20 ms, once."""
    packed = Path(__file__).with_name("common_passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split())


def is_mostly(password: str, context: Iterable[str]) -> bool:
    """Return whether little is left of a password without the words of its context.

    Only letters and digits count. The words are each text of the context, what stands
    before its `@`, and its parts.
    """
    parts = (
        part
        for text in context
        for part in (text, text.partition("@")[0], *re.split(r"[\W_]+", text))
    )
    words = {word for part in parts if len(word := squeeze(part)) >= MIN_CONTEXT_WORD}
    whole = rest = squeeze(password)
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != whole and len(rest) < MIN_REST


def squeeze(text: str) -> str:
    """Return the letters and digits of a text, without regard to case."""
    return "".join(character for character in fold(text) if character.isalnum())
