"""Fills the database of a rendered project that has accounts, and prints who may list the items.

Run as a script inside it: `fill_accounts.py ITEMS USERS PASSWORD` prints a value for the header
`Authorization`. Besides the owner of the items there are as many active and disabled users.
"""
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

import fill
from app.accounts.models import AuthSession, User
from app.config import load_settings
from app.core.security.passwords import PasswordHasher
from app.db.base import now
from app.main import create_app


def user(name: str, hashed: str, *, is_active: bool = True) -> User:
    """Make a user."""
    email = f"{name}@example.com"
    return User(email=email, username=name, hashed_password=hashed, is_active=is_active)


async def main() -> None:
    """Add what was asked for."""
    items, users, password = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    settings = load_settings()
    hashed = await PasswordHasher(settings.passwords).hash(password)
    async with fill.open_session() as session:
        owner = user("owner", hashed)
        session.add(owner)
        for number in range(users):
            session.add(user(f"active{number}", hashed))
            session.add(user(f"disabled{number}", hashed, is_active=False))
        await session.flush()
        login = AuthSession(
            user_id=owner.id, user_agent="", address="", expires_at=now() + timedelta(days=1)
        )
        session.add(login)
        await fill.add_items(session, items, owner_id=owner.id)
        token = create_app(settings).state.access_tokens.issue(owner.id, login.id)
    print(f"Bearer {token}")


if __name__ == "__main__":
    asyncio.run(main())
