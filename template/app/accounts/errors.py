"""Errors about who is calling, and how often; and how operations document them."""

import math
from typing import Any

from starlette.responses import Response

from app.core.errors import AppError, BadRequestError
from app.core.openapi import problem_description


class UnauthorizedError(AppError, status=401):
    """The caller is not known."""


class InvalidSessionError(UnauthorizedError):
    """The credentials stand for no session, or for one that has ended."""


class InvalidCredentialsError(UnauthorizedError, code="invalid_credentials"):
    """Nobody can log in like that; what is wrong is not said (ASVS 5.0, 6.3.8)."""


class InvalidLinkError(BadRequestError, code="invalid_link"):
    """A mailed link is good for nothing; whether it ever was is not said."""

    def __init__(self) -> None:
        super().__init__("This link is not valid any more; ask for another one.")


class ForbiddenError(AppError, status=403):
    """The caller is known, and may not do this."""


class InsufficientScopeError(ForbiddenError):
    """The session does not have the scopes that this needs, separated by spaces."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This needs the scope {scope}.")
        self.scope = scope


class WrongPasswordError(AppError, status=403, code="wrong_password"):
    """The current password that a logged-in user gave in a field is wrong."""


class PartialSessionError(ForbiddenError, code="insufficient_scope"):
    """The session is limited to some scopes, and the account is not among them."""


class StaleLoginError(ForbiddenError, code="recent_login_required"):
    """The password was given too long ago for this (ASVS 5.0, 7.5.3)."""


class LoginThrottledError(AppError, status=429, code="login_throttled"):
    """Too many attempts have failed; the next is looked at after some seconds."""

    def __init__(self, seconds: float) -> None:
        wait = str(max(1, math.ceil(seconds)))
        message = f"Too many attempts; please try again in {wait} seconds."
        super().__init__(message, headers={"Retry-After": wait})


DEAD, EARLY = InvalidLinkError(), LoginThrottledError(8)
EXAMPLES: dict[int, dict[str, Any]] = {
    400: {"error_code": DEAD.code, "detail": DEAD.detail},
    429: {"error_code": EARLY.code, "detail": EARLY.detail},
}


def accepted(*errors: int) -> dict[str, Any]:
    """Return the options of an operation that answers 202: a mail will follow."""
    responses = account_responses(*errors)
    return {"status_code": 202, "response_class": Response, "responses": responses}


def no_content(*errors: int) -> dict[str, Any]:
    """Return the options of an operation that answers 204."""
    return {"status_code": 204, "responses": account_responses(*errors)}


def account_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the errors that follow from no rule, for `responses=`."""
    return {
        status: problem_description(status, EXAMPLES.get(status)) for status in statuses
    }
