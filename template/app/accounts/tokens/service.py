"""Sessions that a client holds by tokens: a short one for every call, a long one to renew it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import UnitOfWork, UnitOfWorkFactory
from app.accounts.errors import InvalidSessionError
from app.accounts.models.account import AuthSession, User
from app.accounts.scopes import effective_scopes
from app.accounts.services.sessions import begin_session
from app.accounts.settings import AccountSettings
from app.accounts.throttle.service import ThrottleService
from app.core.http.client import ClientInfo
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


class TokenService:
    """Opens sessions and renews their tokens.

    Args:
        begin: Begins a unit of work.
        tokens: Signs access tokens.
        throttle: Slows down those who try refresh tokens.
        settings: How long sessions last.
        origin: Where the request comes from.
    """

    def __init__(
        self,
        begin: UnitOfWorkFactory,
        tokens: AccessTokens,
        throttle: ThrottleService,
        settings: AccountSettings,
        origin: ClientInfo,
    ) -> None:
        self._begin = begin
        self._tokens = tokens
        self._throttle = throttle
        self._settings = settings
        self._origin = origin

    async def open(self, unit: UnitOfWork, user: User, scope: str | None) -> TokenPair:
        """Begin a session.

        Args:
            unit: The unit of work to which it belongs.
            user: Who has logged in.
            scope: The scopes that the client asks for, if it asks for some.
        """
        session = await begin_session(
            unit, user, self._settings, self._origin, scope=scope or None
        )
        return await self._issue(unit, session, user)

    async def refresh(self, token: str) -> TokenPair:
        """Exchange a refresh token for a new pair; it can be used once.

        A token that is shown twice was stolen: it, or the one that came after it. The
        session ends, and the thief's tokens with it (RFC 9700, section 4.14.2).

        Raises:
            InvalidSessionError: If it is not valid.
            TooManyRequestsError: If this client has shown too many that were not.
        """
        limits = self._throttle.tokens(self._origin)
        await self._throttle.check(limits)
        pair = await self._rotate(digest(token))
        if pair is None:
            await self._throttle.take(limits)
            raise InvalidSessionError("The refresh token is not valid; log in again.")
        return pair

    async def _rotate(self, token_digest: str) -> TokenPair | None:
        async with self._begin(reading=True) as unit:
            token = await unit.refresh_tokens.find(token_digest)
        if token is None:
            return None
        async with self._begin() as unit:
            session = await unit.auth_sessions.lock_live(token.session_id)
            return (
                await self._exchange(unit, session, token_digest) if session else None
            )

    async def _exchange(
        self, unit: UnitOfWork, session: AuthSession, token_digest: str
    ) -> TokenPair | None:
        if not await unit.refresh_tokens.use(token_digest):
            await unit.auth_sessions.end(session.id)
            await unit.audit_events.record(
                AuditAction.TOKEN_REUSED, session.user_id, self._origin
            )
            return None
        moment = datetime.now(UTC)
        session.last_used_at = moment
        session.expires_at = self._settings.expiry(session.created_at, moment)
        user = await unit.users.get(session.user_id)
        if user is None or not user.is_active or session.expires_at <= moment:
            return None
        return await self._issue(unit, session, user)

    async def _issue(
        self, unit: UnitOfWork, session: AuthSession, user: User
    ) -> TokenPair:
        refresh_token = new_token()
        await unit.refresh_tokens.add(
            digest(refresh_token), session.id, session.expires_at
        )
        scopes = effective_scopes(
            user.role, is_superuser=user.is_superuser, requested=session.scope
        )
        return TokenPair(
            access_token=self._tokens.issue(user.id, session.id),
            refresh_token=refresh_token,
            expires_in=round(self._tokens.lifetime),
            scope=" ".join(sorted(scopes)),
        )
