"""Passwords, verified against a given hash."""

import asyncio

from app.core.security.passwords import PasswordHasher, VerifyResult
from proofs.fixtures.accounts import cheap

RIGHT = "correct horse battery"


def make_passwords(**settings: int) -> PasswordHasher:
    """Make what hashes and verifies, at next to no cost, with other settings."""
    return PasswordHasher(cheap(**settings))


async def verdict(
    passwords: PasswordHasher, password: str, stored: str | None
) -> VerifyResult:
    """Verify a password against a hash; give up if its turn never comes."""

    async def find_stored() -> str | None:
        return stored

    async with asyncio.timeout(30):
        return await passwords.verify(password, find_stored)
