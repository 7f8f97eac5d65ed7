"""The bare application with accounts: tokens, sessions and owners, as a rendered one has them."""
# mypy: disable-error-code="import-not-found, misc"

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

# A script beside this one imports both: neither is in a package there.
import bare
from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.security import OAuth2PasswordBearer
from jose import JWTError, jwk, jwt
from jose.backends.base import Key
from sqlalchemy import DateTime, ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ALGORITHM = "HS256"
ROLE_SCOPES = {
    "user": {"data:read", "data:write"},
    "admin": {"data:read", "data:write", "users:admin"},
}

scheme = OAuth2PasswordBearer("api/v1/auth/login")


class Base(DeclarativeBase):
    """All tables; the rendered project's migration has made them."""


class User(Base):
    """Somebody who can log in."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(762))
    username: Mapped[str] = mapped_column(String(30))
    username_key: Mapped[str] = mapped_column(String(90))
    full_name: Mapped[str] = mapped_column(String(120))
    hashed_password: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20))
    is_superuser: Mapped[bool]
    is_active: Mapped[bool]
    is_verified: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AuthSession(Base):
    """A login that has not ended."""

    __tablename__ = "auth_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    scope: Mapped[str | None] = mapped_column(String(1000))
    user_agent: Mapped[str] = mapped_column(String(255))
    address: Mapped[str] = mapped_column(String(45))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    last_used_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Item(bare.ItemColumns, Base):
    """An item, which belongs to a user."""

    __tablename__ = "items"

    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))


@dataclass
class Verifier:
    """What tokens are checked with."""

    key: Key
    name: str

    def read(self, token: str) -> dict[str, Any]:
        """Give the claims."""
        claims = jwt.decode(token, self.key, [ALGORITHM], audience=self.name, issuer=self.name)
        if claims["typ"] != "access":
            raise JWTError("This is no access token.")
        return claims


SessionDep = Annotated[AsyncSession, Depends(bare.get_session, scope="function")]


async def get_claims(request: Request, token: Annotated[str, Depends(scheme)]) -> dict[str, Any]:
    """Read the token."""
    try:
        claims: dict[str, Any] = request.app.state.verifier.read(token)
    except JWTError:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"}) from None
    return claims


async def get_user(
    claims: Annotated[dict[str, Any], Depends(get_claims)], session: SessionDep
) -> User:
    """Find the user of a session that has not ended, who may read items."""
    statement = (
        select(User, AuthSession)
        .join(AuthSession, AuthSession.user_id == User.id)
        .where(AuthSession.id == UUID(claims["sid"]), User.id == UUID(claims["sub"]))
        .where(AuthSession.expires_at > datetime.now(UTC), User.is_active)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    user, auth_session = row.tuple()
    scopes = ROLE_SCOPES[user.role]
    if auth_session.scope is not None:
        scopes = scopes & set(auth_session.scope.split())
    if "data:read" not in scopes:
        raise HTTPException(403)
    return user


async def list_items(
    query: Annotated[bare.ItemQuery, Query()],
    session: SessionDep,
    user: Annotated[User, Depends(get_user)],
) -> dict[str, Any]:
    """List the user's items, the newest first."""
    newest = select(Item).order_by(Item.created_at.desc(), Item.id.desc())
    own = newest.where(Item.owner_id == user.id).offset(query.skip).limit(query.limit + 1)
    rows: Sequence[Item] = (await session.scalars(own)).all()
    return {
        "items": rows[: query.limit],
        "total": None,
        "skip": query.skip,
        "limit": query.limit,
        "has_more": len(rows) > query.limit,
    }


def create_app(database_url: str, secret_key: str, name: str) -> FastAPI:
    """Assemble the application."""
    app: FastAPI = bare.create_empty_app(database_url)
    app.state.verifier = Verifier(jwk.construct(secret_key, ALGORITHM), name)
    app.get("/bench/static")(bare.read_static)
    app.get("/api/v1/items", response_model=bare.ItemPage)(list_items)
    return app
