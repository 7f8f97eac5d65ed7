"""Passwords, verified against a given hash."""

import asyncio

from app.core.security.passwords import Passwords, Verdict
from app.core.settings.passwords import PasswordSettings

RIGHT = "correct horse battery"


def make_passwords(**settings: int) -> Passwords:
    """Make what hashes and verifies, with other settings."""
    return Passwords(PasswordSettings.model_validate(settings))


async def verdict(passwords: Passwords, password: str, stored: str | None) -> Verdict:
    """Verify a password against a hash; give up if its turn never comes."""

    async def find_stored() -> str | None:
        return stored

    async with asyncio.timeout(30):
        return await passwords.verify(password, find_stored)
