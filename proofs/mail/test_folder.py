"""Mail as files."""

from email.message import EmailMessage
from pathlib import Path

from app.accounts.mail.messages import AccountMailWriter
from app.accounts.models import MailPurpose
from app.core.mail.transport import FolderMailer, MailSettings, SmtpMailer, make_mailer
from proofs.fixtures.mail import read


def compose() -> EmailMessage:
    composer = AccountMailWriter("Shop", MailSettings())
    return composer.write(MailPurpose.PASSWORD_CHANGED, "ada@example.com")


async def test_a_message_becomes_a_file_that_its_owner_alone_can_read(
    tmp_path: Path,
) -> None:
    folder, written = tmp_path / "var" / "mail", compose()
    await FolderMailer(folder).send(written)
    [path] = folder.iterdir()
    assert path.suffix == ".eml"
    assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )
    [message] = read(folder)
    assert message["To"] == "ada@example.com"
    assert message["Message-ID"] == written["Message-ID"]


async def test_files_sort_by_time(tmp_path: Path) -> None:
    written = [compose() for _ in range(3)]
    for message in written:
        await FolderMailer(tmp_path).send(message)
    identifiers = [message["Message-ID"] for message in written]
    assert [message["Message-ID"] for message in read(tmp_path)] == identifiers


def test_the_settings_choose_the_backend() -> None:
    assert isinstance(make_mailer(MailSettings(), "smtp"), SmtpMailer)
    assert isinstance(make_mailer(MailSettings(), "folder"), FolderMailer)
