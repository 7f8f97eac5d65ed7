"""Mail as files."""

from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import get_args

from app.accounts.mail.messages import AccountMailWriter
from app.accounts.models import MailPurpose
from app.core.mail.transport import (
    Backend,
    MailSettings,
    make_mailer,
    send_to_folder,
    send_to_server,
)
from proofs.fixtures.mail import read

BACKENDS = get_args(Backend)


def compose() -> EmailMessage:
    composer = AccountMailWriter("Shop", MailSettings())
    return composer.write(MailPurpose.PASSWORD_CHANGED, "ada@example.com")


async def test_a_message_becomes_a_file_that_its_owner_alone_can_read(
    tmp_path: Path,
) -> None:
    folder, written = tmp_path / "var" / "mail", compose()
    await send_to_folder(folder, written)
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
        await send_to_folder(tmp_path, message)
    identifiers = [message["Message-ID"] for message in written]
    assert [message["Message-ID"] for message in read(tmp_path)] == identifiers


def test_the_settings_choose_the_backend() -> None:
    by_smtp, by_file = (make_mailer(MailSettings(), one) for one in BACKENDS)
    assert isinstance(by_smtp, partial)
    assert isinstance(by_file, partial)
    assert (by_smtp.func, by_file.func) == (send_to_server, send_to_folder)
