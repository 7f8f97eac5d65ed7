"""Settings of mail."""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator

from app.core.fields.email import normalize_email
from app.core.settings import SettingsGroup

Backend = Literal["smtp", "folder"]
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def check_sender(sender: str) -> str:
    """Refuse what is no address; one at `localhost` is, for trying things out.

    Raises:
        ValueError: If it is none.
    """
    return sender if sender.endswith("@localhost") else normalize_email(sender)


class MailSettings(SettingsGroup):
    """How mail is sent, and what is in it.

    Attributes:
        backend: To a server, or into a folder; `None` means: to a server in production,
            into the folder elsewhere.
        folder: Where the backend `folder` writes a file for each mail.
        port: 587 is usual for `starttls`, 465 for `tls`.
        security: How the connection is encrypted: after a greeting, from the start, or
            not at all.
        frontend_url: The web application that links lead to; `None` means that mail has
            tokens to copy instead of links.
        verify_minutes: Minutes for which a token verifies an address.
        reset_minutes: Minutes for which a token resets a password, or confirms a new
            address.
        worker: Whether the application itself sends mail, and not `python -m app
            send-mail --forever`; `None` means: everywhere but in tests.
    """

    backend: Backend | None = None
    folder: Path = Path("var/mail")
    host: str = "localhost"
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: SecretStr | None = None
    sender: Annotated[str, AfterValidator(check_sender)] = "no-reply@localhost"
    frontend_url: str | None = None
    verify_minutes: int = Field(default=1440, ge=1, le=10_080)
    reset_minutes: int = Field(default=60, ge=1, le=1440)
    worker: bool | None = None

    @field_validator("frontend_url")
    @classmethod
    def _refuse_what_is_no_place(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "https://app.example.com")
        is_web = parts.scheme in {"http", "https"} and parts.hostname
        if not is_web or "@" in parts.netloc:
            raise ValueError("must be an address such as https://app.example.com")
        if parts.query or parts.fragment:
            raise ValueError("must have no query and no fragment: it gets the token")
        return url and url.rstrip("/")

    @model_validator(mode="after")
    def _keep_the_password_from_listeners(self) -> Self:
        is_readable = self.security == "none" and self.host not in LOOPBACK
        if self.password and is_readable:
            raise ValueError("password must not be sent with the security `none`")
        if bool(self.password) != bool(self.username):
            raise ValueError("username and password must be set together")
        return self
