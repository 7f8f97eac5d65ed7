"""Sessions held by tokens: a short one for every call, a long one to renew it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import UnitOfWork
from app.accounts.errors import InvalidSessionError
from app.accounts.models import AuthSession, User
from app.accounts.scopes import effective_scopes
from app.accounts.services.context import AccountContext
from app.accounts.services.sessions import begin_session
from app.accounts.tokens.models import RefreshTokenRepository
from app.core.security.jwt import AccessTokens
from app.core.security.opaque_tokens import digest, new_token


@dataclass(frozen=True)
class TokenPair:
    """What a client gets when it logs in, and each time it refreshes; see `TokenRead`."""

    access_token: str
    refresh_token: str
    expires_in: int
    scope: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105


@dataclass(frozen=True)
class TokenService:
    """Opens sessions and renews their tokens."""

    context: AccountContext
    access_tokens: AccessTokens

    async def open(self, unit: UnitOfWork, user: User, scope: str | None) -> TokenPair:
        """Begin a session of a user, limited to scopes if the client asks for some."""
        context = self.context
        session = await begin_session(
            unit, user, context.settings, context.client, scope=scope or None
        )
        return await self._issue(unit, session, user)

    async def refresh(self, token: str) -> TokenPair:
        """Exchange a refresh token for a new pair; it can be used once.

        A token that is shown twice was stolen: it, or the one that came after it. The
        session ends, and the thief's tokens with it (RFC 9700, section 4.14.2).

        Raises:
            InvalidSessionError: If it is not valid.
            LoginThrottledError: If this client has shown too many that were not.
        """
        throttle = self.context.throttle
        limits = throttle.tokens(self.context.client)
        await throttle.check(limits)
        pair = await self._rotate(digest(token))
        if pair is None:
            await throttle.take(limits)
            raise InvalidSessionError("The refresh token is not valid; log in again.")
        return pair

    async def _rotate(self, token_digest: str) -> TokenPair | None:
        async with self.context.begin(reading=True) as unit:
            token = await RefreshTokenRepository(unit.session).find(token_digest)
        if token is None:
            return None
        async with self.context.begin() as unit:
            session = await unit.auth_sessions.lock_live(token.session_id)
            if session is None:
                return None
            return await self._exchange(unit, session, token_digest)

    async def _exchange(
        self, unit: UnitOfWork, session: AuthSession, token_digest: str
    ) -> TokenPair | None:
        if not await RefreshTokenRepository(unit.session).use(token_digest):
            await unit.auth_sessions.end(session.id)
            await unit.audit_events.record(
                AuditAction.TOKEN_REUSED, session.user_id, self.context.client
            )
            return None
        moment = datetime.now(UTC)
        session.last_used_at = moment
        session.expires_at = self.context.settings.expiry(session.created_at, moment)
        user = await unit.users.get(session.user_id)
        if user is None or not user.is_active or session.expires_at <= moment:
            return None
        return await self._issue(unit, session, user)

    async def _issue(
        self, unit: UnitOfWork, session: AuthSession, user: User
    ) -> TokenPair:
        refresh_token = new_token()
        await RefreshTokenRepository(unit.session).add(
            digest(refresh_token), session.id, session.expires_at
        )
        scopes = effective_scopes(
            user.role, is_superuser=user.is_superuser, requested=session.scope
        )
        return TokenPair(
            access_token=self.access_tokens.issue(user.id, session.id),
            refresh_token=refresh_token,
            expires_in=round(self.access_tokens.lifetime),
            scope=" ".join(sorted(scopes)),
        )
