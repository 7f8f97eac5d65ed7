"""What people read."""

import pytest
from email_validator import EmailNotValidError

from app.accounts.mail.messages import PAGES, AccountMailWriter
from app.accounts.models import MailPurpose
from app.core.mail.transport import MailSettings
from app.core.security.opaque_tokens import new_token
from proofs.fixtures.mail import Deliver, Queue, body_of, token_of
from proofs.fixtures.users import MakeUser

TOKEN = new_token()
ADA = "ada@example.com"
SITE = "https://app.example.com"


def composer(project_name: str = "Shop", **changes: object) -> AccountMailWriter:
    return AccountMailWriter(project_name, MailSettings.model_validate(changes))


@pytest.mark.parametrize("purpose", PAGES)
def test_a_token_is_in_the_text_and_in_the_html(purpose: MailPurpose) -> None:
    message = composer().write(purpose, ADA, token=TOKEN, minutes=60)
    assert token_of(message) == TOKEN
    assert message.get_content_type() == "multipart/alternative"
    for kind in ("plain", "html"):
        body = body_of(message, kind)
        assert "within 1 hour." in body
        assert "http" not in body


@pytest.mark.parametrize("purpose", [one for one in MailPurpose if one not in PAGES])
def test_a_notice_has_no_token_and_no_link(purpose: MailPurpose) -> None:
    message = composer(frontend_url=SITE).write(purpose, ADA)
    for kind in ("plain", "html"):
        body = body_of(message, kind)
        assert "Your account" in body or "your account" in body
        assert "token" not in body
        assert SITE not in body


@pytest.mark.parametrize("purpose", PAGES)
def test_a_link_leads_to_the_web_application(purpose: MailPurpose) -> None:
    message = composer(frontend_url=f"{SITE}/").write(
        purpose, ADA, token=TOKEN, minutes=90
    )
    link = f"{SITE}/{PAGES[purpose]}#token={TOKEN}"
    assert f"\n{link}\n" in body_of(message)
    assert f'href="{link}"' in body_of(message, "html")
    assert "within 90 minutes." in body_of(message)


@pytest.mark.parametrize("purpose", MailPurpose)
def test_headers_say_who_what_and_when(purpose: MailPurpose) -> None:
    message = composer(sender="no-reply@shop.test").write(purpose, ADA, token=TOKEN)
    assert message["From"] == "Shop <no-reply@shop.test>"
    assert message["To"] == ADA
    assert message["Subject"].startswith("Shop: ")
    assert message["Date"].datetime.tzinfo is not None
    assert message["Message-ID"].endswith("@shop.test>")
    assert message["Auto-Submitted"] == "auto-generated"


def test_subjects_differ() -> None:
    messages = [composer().write(purpose, ADA, token=TOKEN) for purpose in MailPurpose]
    assert len({message["Subject"] for message in messages}) == len(MailPurpose)


@pytest.mark.parametrize(
    "address",
    ["ada@example.com\r\nBcc: eve@example.com", "ada@example.com, eve@example.com"],
)
def test_an_address_cannot_add_headers_or_recipients(address: str) -> None:
    with pytest.raises(EmailNotValidError):
        composer().write(MailPurpose.VERIFY_EMAIL, address, token=TOKEN)


def test_a_domain_is_written_so_that_every_server_understands_it() -> None:
    message = composer().write(
        MailPurpose.VERIFY_EMAIL, "ada@bücher.example", token=TOKEN
    )
    assert message["To"] == "ada@xn--bcher-kva.example"


def test_html_is_escaped() -> None:
    message = composer("<b>Shop</b>").write(MailPurpose.PASSWORD_CHANGED, ADA)
    assert "&lt;b&gt;Shop&lt;/b&gt;" in body_of(message, "html")
    assert "<b>" not in body_of(message, "html")
    assert message["Subject"].startswith("<b>Shop</b>: ")


async def test_nothing_that_users_chose_is_in_a_mail(
    make_user: MakeUser, queue: Queue, deliver: Deliver
) -> None:
    user = await make_user(full_name="Buy at evil.test", username="cheap.pills")
    for purpose in MailPurpose:
        await queue(purpose, user.email, user.id)
    messages = await deliver()
    assert len(messages) == len(MailPurpose)
    for text in map(str, messages):
        assert "evil.test" not in text
        assert "cheap.pills" not in text
