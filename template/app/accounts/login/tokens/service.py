"""Sessions held by tokens: a short one for every call, a long one to renew it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from app.accounts.crud import UnitOfWork
from app.accounts.errors import InvalidSessionError
from app.accounts.login.tokens.models import RefreshTokenRepository
from app.accounts.models import AuditAction, AuthSession, User
from app.accounts.services.auth import begin_session
from app.accounts.services.base import AccountService
from app.core.schemas import ResponseSchema
from app.core.security.jwt import AccessTokens
from app.core.security.opaque_tokens import digest, new_token


class TokenRead(ResponseSchema):
    """A pair of tokens (RFC 6749, section 5.1)."""

    access_token: str = Field(
        description="Goes into the `Authorization` header, after `Bearer`."
    )
    token_type: Literal["bearer"] = Field(
        "bearer",
        description="How it is sent: `Authorization: Bearer <token>` (RFC 6750).",
    )
    expires_in: int = Field(
        description="Seconds until the access token ends.", examples=[900]
    )
    refresh_token: str = Field(
        description="Exchange it for the next pair; keep it secret."
    )
    scope: str = Field(
        description="The scopes that were granted.", examples=["data:read data:write"]
    )


@dataclass(frozen=True)
class TokenService(AccountService):
    """Opens sessions and renews their tokens."""

    access_tokens: AccessTokens

    async def open(self, unit: UnitOfWork, user: User, scope: str | None) -> TokenRead:
        """Begin a session of a user, limited to scopes if the client asks for some."""
        session = await begin_session(
            unit, user, self.settings, self.client, scope=scope
        )
        return await self._issue(unit, session, user)

    async def refresh(self, token: str) -> TokenRead:
        """Exchange a refresh token for a new pair; it can be used once.

        A token that is shown twice was stolen: it, or the one that came after it. The
        session ends, and the thief's tokens with it (RFC 9700, section 4.14.2).

        Raises:
            InvalidSessionError: If it is not valid.
            LoginThrottledError: If this client has shown too many that were not.
        """
        limits = self.throttle.tokens(self.client)
        await self.throttle.check(limits)
        pair = await self._rotate(digest(token))
        if pair is None:
            await self.throttle.take(limits)
            raise InvalidSessionError("The refresh token is not valid; log in again.")
        return pair

    async def _rotate(self, token_digest: str) -> TokenRead | None:
        async with self.begin(reading=True) as unit:
            token = await RefreshTokenRepository(unit.session).find(token_digest)
        if token is None:
            return None
        async with self.begin() as unit:
            session = await unit.auth_sessions.lock_live(token.session_id)
            if session is None:
                return None
            if not await RefreshTokenRepository(unit.session).use(token_digest):
                await unit.auth_sessions.end(session.id)
                await unit.audit_events.record(
                    AuditAction.TOKEN_REUSED, session.user_id, self.client
                )
                return None
            moment = datetime.now(UTC)
            session.last_used_at = moment
            session.expires_at = self.settings.expiry(session.created_at, moment)
            user = await unit.users.get(session.user_id)
            if user is None or not user.is_active or session.expires_at <= moment:
                return None
            return await self._issue(unit, session, user)

    async def _issue(
        self, unit: UnitOfWork, session: AuthSession, user: User
    ) -> TokenRead:
        refresh_token = new_token()
        await RefreshTokenRepository(unit.session).add(
            digest(refresh_token), session.id, session.expires_at
        )
        return TokenRead(
            access_token=self.access_tokens.issue(user.id, session.id),
            refresh_token=refresh_token,
            expires_in=round(self.access_tokens.lifetime),
            scope=" ".join(sorted(session.scopes_of(user))),
        )
