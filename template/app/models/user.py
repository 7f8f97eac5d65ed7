"""The table of users."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.core.security.scopes import Role
from app.core.text import fold
from app.db.base import Entity, TimestampMixin


class User(TimestampMixin, Entity):
    """Somebody who can log in.

    Attributes:
        email_key: The address as it is compared, so that nobody can take it in another case.
        username_key: The user name as it is compared.
        hashed_password: A hash in its own format; `!` where no password can match.
        role: What the user may do; see `app.core.security.scopes`.
        is_superuser: Whether the user may do everything, whatever the role.
        is_active: Whether the user may log in.
        is_verified: Whether the address is known to be the user's.
    """

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(762), unique=True, info={"field": "email"})
    username: Mapped[str] = mapped_column(String(30))
    username_key: Mapped[str] = mapped_column(String(90), unique=True, info={"field": "username"})
    full_name: Mapped[str] = mapped_column(String(120), default="")
    hashed_password: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20), default=Role.USER)
    is_superuser: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_verified: Mapped[bool] = mapped_column(default=False)

    @validates("email", "username")
    def _derive_key(self, attribute: str, value: str) -> str:
        setattr(self, f"{attribute}_key", fold(value))
        return value
