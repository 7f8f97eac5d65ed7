"""Errors about who is calling, and how often; and how operations document them."""

import math
from typing import Any

from starlette.responses import Response

from app.core.errors import AppError, BadRequestError
from app.core.openapi import HEADERS, problem_description


class UnauthorizedError(AppError):
    """The caller is not known."""

    status = 401
    code = "unauthorized"


class InvalidSessionError(UnauthorizedError):
    """The credentials stand for no session, or for one that has ended."""


class InvalidCredentialsError(UnauthorizedError):
    """Nobody can log in like that; what is wrong is not said (ASVS 5.0, 6.3.8)."""

    code = "invalid_credentials"


class InvalidLinkError(BadRequestError):
    """A mailed link is good for nothing; whether it ever was is not said."""

    code = "invalid_link"

    def __init__(self) -> None:
        super().__init__(INVALID_LINK)


INVALID_LINK = "This link is not valid, or not any more; ask for another one."


class ForbiddenError(AppError):
    """The caller is known, and may not do this."""

    status = 403
    code = "forbidden"


class InsufficientScopeError(ForbiddenError):
    """The session does not have the scopes that this needs, separated by spaces."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This needs the scope {scope}.")
        self.scope = scope


class WrongPasswordError(AppError):
    """The current password that a logged-in user gave in a field is wrong."""

    status = 403
    code = "wrong_password"

    def __init__(self, field: str) -> None:
        message = "This is not your password."
        super().__init__(message, fields={field: [message]})


class PartialSessionError(ForbiddenError):
    """The session is limited to some scopes, and the account is not among them."""

    code = "insufficient_scope"


class StaleLoginError(ForbiddenError):
    """The password was given too long ago for this (ASVS 5.0, 7.5.3)."""

    code = "recent_login_required"


class LoginThrottledError(AppError):
    """Too many attempts have failed; the next is looked at after some seconds."""

    status = 429
    code = "login_throttled"

    def __init__(self, seconds: float) -> None:
        wait = str(max(1, math.ceil(seconds)))
        message = f"Too many attempts; please try again in {wait} seconds."
        super().__init__(message, headers={"Retry-After": wait})


TAKEN, EARLY = "This value is already taken.", LoginThrottledError(8)
EXAMPLES: dict[int, dict[str, Any]] = {
    400: {"error_code": InvalidLinkError.code, "detail": INVALID_LINK},
    409: {
        "error_code": "conflict",
        "detail": TAKEN,
        "field_errors": {"username": [TAKEN]},
    },
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
    headers = {429: HEADERS[503]}
    return {
        status: problem_description(status, EXAMPLES.get(status), headers.get(status))
        for status in statuses
    }
