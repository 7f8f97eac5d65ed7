"""Settings of mail."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic import Field, SecretStr, field_validator, model_validator

from app.core.settings import SettingsGroup

Backend = Literal["smtp", "folder"]


class MailSettings(SettingsGroup):
    """How mail is sent, and what is in it.

    Attributes:
        backend: To a server, or into a folder; `None` means: to a server in production,
            into the folder elsewhere.
        folder: Where the backend `folder` writes a file for each mail.
        host: The mail server.
        port: Its port: 587 is usual for `starttls`, 465 for `tls`.
        security: How the connection is encrypted: after a greeting, from the start, or
            not at all.
        username: Who logs in to the server; `None` means nobody.
        password: The password to log in with.
        sender: The address that mail comes from.
        frontend_url: The web application that links lead to, such as
            `https://app.example.com`;
            `None` means that mail has no links: tokens are copied from it.
        verify_minutes: Minutes for which a token verifies an address.
        reset_minutes: Minutes for which a token resets a password, or confirms a new
            address.
        worker: Whether the application itself sends mail; `None` means: everywhere but
            in tests.
            Off where `python -m app send-mail --forever` does it.
    """

    backend: Backend | None = None
    folder: Path = Path("var/mail")
    host: str = "localhost"
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: SecretStr | None = None
    sender: str = "no-reply@localhost"
    frontend_url: str | None = None
    verify_minutes: int = Field(default=1440, ge=1, le=10_080)
    reset_minutes: int = Field(default=60, ge=1, le=1440)
    worker: bool | None = None

    @field_validator("sender")
    @classmethod
    def _refuse_what_is_no_address(cls, sender: str) -> str:
        if sender.endswith("@localhost"):
            return sender
        try:
            checked = validate_email(
                sender, check_deliverability=False, test_environment=True
            )
        except EmailNotValidError:
            raise ValueError(
                "must be an e-mail address, like no-reply@example.com"
            ) from None
        return checked.normalized

    @field_validator("frontend_url")
    @classmethod
    def _refuse_what_is_no_place(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if (
            parts.scheme not in {"http", "https"}
            or not parts.hostname
            or "@" in parts.netloc
        ):
            raise ValueError("must be an address such as https://app.example.com")
        if parts.query or parts.fragment:
            raise ValueError(
                "must have no query and no fragment: the token becomes the fragment"
            )
        return url.rstrip("/")

    @model_validator(mode="after")
    def _keep_the_password_from_listeners(self) -> Self:
        if self.password and self.security == "none" and not is_loopback(self.host):
            raise ValueError("password must not be sent with the security `none`")
        if bool(self.password) != bool(self.username):
            raise ValueError("username and password must be set together")
        return self


def is_loopback(host: str) -> bool:
    """Return whether what is sent to a host stays on this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
