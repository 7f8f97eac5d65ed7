"""What the audit log keeps of what a client says about itself."""

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import AuditEvent
from proofs.accounts.calls import LOGIN


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (b"curl/8", "curl/8"),
        (b"", ""),
        (b"a\tb\x7f\x85c", "abc"),
        (b"x" * 1000, "x" * 255),
        ("Größe 😀".encode(), "GrÃ¶Ãe ð"),
    ],
)
async def test_what_a_client_calls_itself_is_made_harmless(
    anonymous: httpx2.AsyncClient, session: AsyncSession, given: bytes, kept: str
) -> None:
    form = {"username": "nobody", "password": "no-matter-which"}
    await anonymous.post(LOGIN, data=form, headers={b"User-Agent": given})
    assert (await session.scalars(select(AuditEvent.user_agent))).all() == [kept]
