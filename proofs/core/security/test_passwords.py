"""Passwords are hashed slowly, but never in the way of others."""

import threading
from collections.abc import Callable
from typing import Any

import argon2
import bcrypt
import pytest
from argon2.exceptions import VerifyMismatchError
from passlib.context import CryptContext

from app.core.security.passwords import (
    PasswordHasher,
    PasswordSettings,
    VerifyResult,
    normalize,
)
from proofs.core.security.verdicts import RIGHT, make_passwords, verdict

A72 = "a" * 72


def old_bcrypt(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()


@pytest.fixture(scope="module")
def passwords() -> PasswordHasher:
    """Give what hashes and verifies."""
    return make_passwords()


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the thread of each verification and hash that was really computed."""
    threads: list[str] = []

    def recording(function: Callable[..., Any]) -> Callable[..., Any]:
        def record(*args: Any, **kwargs: Any) -> Any:
            try:
                result = function(*args, **kwargs)
            except VerifyMismatchError:
                threads.append(threading.current_thread().name)
                raise
            threads.append(threading.current_thread().name)
            return result

        return record

    monkeypatch.setattr(
        argon2.low_level, "verify_secret", recording(argon2.low_level.verify_secret)
    )
    monkeypatch.setattr(
        argon2.low_level, "hash_secret", recording(argon2.low_level.hash_secret)
    )
    return threads


async def test_a_hash_is_of_the_recommended_kind() -> None:
    passwords = PasswordHasher(PasswordSettings())
    one, other = await passwords.hash(RIGHT), await passwords.hash(RIGHT)
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != other
    assert len(one) <= 255


async def test_only_the_right_password_matches(passwords: PasswordHasher) -> None:
    stored = await passwords.hash(RIGHT)
    assert await verdict(passwords, RIGHT, stored) == VerifyResult(
        matches=True, new_hash=None
    )
    assert await verdict(passwords, RIGHT.upper(), stored) == VerifyResult(
        matches=False
    )


@pytest.mark.parametrize(
    ("password", "other"),
    [
        (A72 + "tail", A72 + "liat"),
        (A72 + "tail", A72),
        ("secret ", "secret"),
        ("😀" * 20, "😀" * 19 + "😁"),
        ("a\x00b", "a\x00c"),
        ("a\x00b", "a"),
        ("", " "),
    ],
)
async def test_every_character_counts(
    passwords: PasswordHasher, password: str, other: str
) -> None:
    stored = await passwords.hash(password)
    assert (await verdict(passwords, password, stored)).matches
    assert not (await verdict(passwords, other, stored)).matches


async def test_a_password_matches_however_it_is_typed(
    passwords: PasswordHasher,
) -> None:
    composed, decomposed = "caf\u00e9 \u00fcber", "cafe\u0301 u\u0308ber"
    assert normalize(composed) == normalize(decomposed) == composed
    for stored in (composed, decomposed):
        hashed = await passwords.hash(stored)
        assert (await verdict(passwords, composed, hashed)).matches
        assert (await verdict(passwords, decomposed, hashed)).matches


async def test_the_longest_password_matches_in_its_longest_form(
    passwords: PasswordHasher,
) -> None:
    stored = await passwords.hash("\u1f82" * 256)
    assert (await verdict(passwords, "\u03b1\u0313\u0300\u0345" * 256, stored)).matches


async def test_what_is_longer_is_not_read(passwords: PasswordHasher) -> None:
    stored = await passwords.hash("a" * 1025)
    assert await verdict(passwords, "a" * 1025, stored) == VerifyResult(matches=False)


@pytest.mark.parametrize("prefix", ["$2b$", "$2a$", "$2y$"])
async def test_a_bcrypt_hash_is_accepted_and_upgraded(
    passwords: PasswordHasher, prefix: str
) -> None:
    stored = old_bcrypt(RIGHT).replace("$2b$", prefix)
    found = await verdict(passwords, RIGHT, stored)
    assert found.matches
    assert found.new_hash is not None
    assert await verdict(passwords, RIGHT, found.new_hash) == VerifyResult(matches=True)
    assert await verdict(passwords, "another", stored) == VerifyResult(matches=False)


async def test_an_older_argon2_hash_is_upgraded() -> None:
    older = CryptContext(["argon2"], argon2__memory_cost=64, argon2__time_cost=1)
    found = await verdict(PasswordHasher(PasswordSettings()), RIGHT, older.hash(RIGHT))
    assert found.matches
    assert str(found.new_hash).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(("before", "after"), [(8, 16), (16, 8)])
async def test_a_hash_follows_the_settings(before: int, after: int) -> None:
    stored = await make_passwords(memory_kib=before).hash(RIGHT)
    passwords = make_passwords(memory_kib=after)
    upgraded = (await verdict(passwords, RIGHT, stored)).new_hash
    assert str(upgraded).startswith(f"$argon2id$v=19$m={after},t=2,p=1$")
    assert await verdict(passwords, RIGHT, upgraded) == VerifyResult(matches=True)


@pytest.mark.parametrize("password", [A72 + "tail", "a\x00b", "é" * 36 + "a"])
async def test_bcrypt_does_not_cut_a_password(
    passwords: PasswordHasher, worked: list[str], password: str
) -> None:
    for short in (A72, "a", "é" * 36):
        assert await verdict(passwords, password, old_bcrypt(short)) == VerifyResult(
            matches=False
        )
    assert len(worked) == 3


@pytest.mark.parametrize(
    ("password", "stored"),
    [
        (RIGHT, None),
        (RIGHT, ""),
        (RIGHT, "!"),
        (RIGHT, RIGHT),
        (RIGHT, "$1$salt$digest"),
        (RIGHT, "$argon2id$"),
        (RIGHT, "$argon2id$v=19$m=19456,t=2,p=1$AAAA"),
        (RIGHT, "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAA_$AAAA"),
        (RIGHT, "$argon2id$v=19$m=19456,t=2,p=1,keyid=A$AAAAAAAAAAAAAAAAAAAAAA$AAAA"),
        (RIGHT, "$2a$"),
        (RIGHT, "$2b$12$short"),
        (RIGHT, "$2x$12$" + "a" * 53),
        ("\ud800", "$2b$12$" + "." * 53),
        ("a" * 5000, None),
        ("e\u0301" * 500_000, None),
        ("\ud800", None),
        ("", None),
    ],
)
async def test_the_work_is_the_same_whatever_is_stored(
    passwords: PasswordHasher, worked: list[str], password: str, stored: str | None
) -> None:
    assert await verdict(passwords, password, stored) == VerifyResult(matches=False)
    assert len(worked) == 1


async def test_who_does_not_exist_costs_what_the_settings_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verified, verify = [], argon2.low_level.verify_secret

    def record(stored: bytes, *args: Any) -> bool:
        verified.append(stored.rsplit(b"$", 2)[0])
        return verify(stored, *args)

    monkeypatch.setattr(argon2.low_level, "verify_secret", record)
    passwords = make_passwords(memory_kib=16)
    for stored in (await passwords.hash(RIGHT), None):
        await verdict(passwords, RIGHT, stored)
    assert verified == [b"$argon2id$v=19$m=16,t=2,p=1"] * 2


@pytest.mark.parametrize("password", [RIGHT, "another", "a" * 5000, "\ud800"])
async def test_the_work_is_the_same_for_every_password(
    passwords: PasswordHasher, worked: list[str], password: str
) -> None:
    stored = await passwords.hash(RIGHT)
    worked.clear()
    assert (await verdict(passwords, password, stored)).matches is (password == RIGHT)
    assert len(worked) == 1


async def test_the_event_loop_never_hashes(worked: list[str]) -> None:
    passwords = make_passwords()
    stored = await passwords.hash(RIGHT)
    await verdict(passwords, RIGHT, stored)
    await verdict(passwords, RIGHT, None)
    assert len(worked) == 3
    assert all(name.startswith("passwords") for name in worked)


def test_a_verdict_does_not_show_a_hash() -> None:
    assert "argon2" not in repr(VerifyResult(matches=True, new_hash="$argon2id$"))
