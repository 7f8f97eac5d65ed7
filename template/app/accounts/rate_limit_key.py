"""Whose request it is, so that its user is counted, and the network for many users."""

from typing import Any
from uuid import UUID

from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.types import Scope

from app.accounts.dependencies import read_credentials
from app.accounts.errors import UnauthorizedError
from app.core.feature import Feature
from app.core.rate_limit.middleware import RateLimitKey, client_key, register_rate_limit

MAX_ENDED = 10_000
"""Sessions that are remembered to have ended; then all are forgotten."""


class UserRateLimitKey(RateLimitKey):
    """The user; the network if credentials are missing, forged or no longer good.

    Whoever makes them up must not be counted as somebody new each time, and whoever
    once had a session must not use up what its user may do. Whether a session is still
    there is asked by the route alone; that it was not is remembered.
    """

    def __init__(self) -> None:
        self._ended: set[UUID] = set()

    def names(self, scope: Scope) -> tuple[str, ...]:
        """Return whose request it is, and behind which network."""
        network = client_key(scope)
        try:
            claims = read_credentials(HTTPConnection(scope))[1]
        except UnauthorizedError:
            return (network,)
        if claims.session_id in self._ended:
            return (network,)
        return f"user:{claims.user_id}", f"users:{network}"

    def refuse(self, scope: Scope) -> None:
        """Remember that a session has ended: its route asked, and answered with 401."""
        state = scope["state"]
        if (claims := state.get("claims")) and "user_id" not in state:
            if len(self._ended) >= MAX_ENDED:
                self._ended.clear()
            self._ended.add(claims.session_id)


def register(app: FastAPI, settings: Any) -> None:
    """Limit all requests by user."""
    register_rate_limit(app, settings.rate_limit, UserRateLimitKey())


RATE_LIMIT = Feature(register=register)
