"""Tables of accounts: users, their sessions, mailed tokens, security events."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.accounts.scopes import Role
from app.core.fields.text import fold
from app.db.base import Base, Entity, now


class OwnedMixin:
    """A row that belongs to a user: all queries ask for it; indexes begin with it."""

    owner_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), info={"field": None}
    )


class User(Entity):
    """Somebody who can log in.

    Attributes:
        email_key: The address as it is compared, and unique, in any case.
        username_key: The user name as it is compared.
        hashed_password: A hash in its own format; `!` where no password can match.
        is_superuser: Whether the user may do everything, whatever the role.
        is_active: Whether the user may log in.
        is_verified: Whether the address is known to be the user's.
    """

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(
        String(762), unique=True, info={"field": "email"}
    )
    username: Mapped[str] = mapped_column(String(30))
    username_key: Mapped[str] = mapped_column(
        String(90), unique=True, info={"field": "username"}
    )
    full_name: Mapped[str] = mapped_column(String(120), default="")
    hashed_password: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20), default=Role.USER)
    is_superuser: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_verified: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    @validates("email", "username")
    def _derive_key(self, attribute: str, value: str) -> str:
        setattr(self, f"{attribute}_key", fold(value))
        return value


class AuthSession(Entity):
    """A login that has not ended; without its row, its credentials are dead at once.

    Attributes:
        scope: The scopes that the client asked for; `None` means all of its user's.
        created_at: When the user gave the password.
    """

    __tablename__ = "auth_sessions"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    scope: Mapped[str | None] = mapped_column(String(1000))
    user_agent: Mapped[str] = mapped_column(String(255))
    address: Mapped[str] = mapped_column(String(45))
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class AuditEvent(Entity):
    """An event that matters for security: who, what, when, from where; no secrets.

    Attributes:
        action: What has happened, a value of `app.accounts.audit.AuditAction`.
        user_id: Whose account it concerns; it stays when the user is deleted.
        actor_id: Who was logged in and did it, if somebody was.
    """

    __tablename__ = "audit_events"

    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    action: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[UUID | None] = mapped_column(index=True)
    actor_id: Mapped[UUID | None] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(String(45))
    user_agent: Mapped[str] = mapped_column(String(255))
    request_id: Mapped[str] = mapped_column(String(64))


class MailPurpose(StrEnum):
    """What mail is sent for; a template has the name of each."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    CHANGE_EMAIL = "change_email"
    EMAIL_CHANGED = "email_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105


class MailToken(Base):
    """A token that proves, once, that somebody reads the mail of an address.

    Attributes:
        digest: SHA-256 of the token, which itself is stored nowhere.
        email: The address to which it was sent.
    """

    __tablename__ = "mail_tokens"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[str] = mapped_column(String(40))
    email: Mapped[str] = mapped_column(String(254))
    expires_at: Mapped[datetime] = mapped_column(index=True)
