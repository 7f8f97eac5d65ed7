"""Where the links in mails lead."""

from functools import partial
from pathlib import Path

import httpx2
import pytest

from app.accounts.models import User
from app.core.mail.transport import send_to_folder
from proofs.accounts.calls import FORGOT_PASSWORD, RESEND_VERIFICATION
from proofs.fixtures.mail import MakeOutbox, body_of, read


@pytest.mark.parametrize("path", [FORGOT_PASSWORD, RESEND_VERIFICATION])
async def test_the_link_leads_to_the_place_in_the_settings(
    anonymous: httpx2.AsyncClient,
    user: User,
    make_outbox: MakeOutbox,
    tmp_path: Path,
    path: str,
) -> None:
    names = ("Host", "X-Forwarded-Host", "X-Forwarded-Server", "Forwarded", "Referer")
    hostile = dict.fromkeys(names, "evil.example")
    asked = await anonymous.post(path, json={"email": user.email}, headers=hostile)
    assert asked.status_code == 202
    outbox = make_outbox(
        partial(send_to_folder, tmp_path), frontend_url="https://shop.example"
    )
    await outbox.deliver_due()
    [mail] = read(tmp_path)
    assert "https://shop.example/" in body_of(mail)
    assert "evil" not in str(mail)
