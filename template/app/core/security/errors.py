"""Errors about who is calling, and how often."""

import math

from app.core.errors import AppError

# RFC 6750, section 3: who has shown no token is not told that it is invalid.
CHALLENGE = {"WWW-Authenticate": "Bearer"}
CHALLENGE_INVALID = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class UnauthorizedError(AppError):
    """The caller is not known."""

    status = 401
    code = "unauthorized"


class InvalidCredentialsError(UnauthorizedError):
    """Nobody can log in like that; which part is wrong is not said (ASVS 5.0, 6.3.8)."""

    code = "invalid_credentials"

    def __init__(self) -> None:
        super().__init__("The user name or the password is wrong.", headers=CHALLENGE)


class ForbiddenError(AppError):
    """The caller is known, and may not do this."""

    status = 403
    code = "forbidden"


class WrongPasswordError(AppError):
    """Whoever is logged in does not know the password."""

    status = 403
    code = "wrong_password"

    def __init__(self, field: str) -> None:
        message = "This is not your password."
        super().__init__(message, fields={field: [message]})


class NarrowSessionError(ForbiddenError):
    """The client asked for some scopes only, and the account itself is not among them."""

    code = "narrow_session"

    def __init__(self) -> None:
        super().__init__("This session has not all of your scopes; log in without naming any.")


class StaleLoginError(ForbiddenError):
    """The password was given too long ago for something this important (ASVS 5.0, 7.5.3)."""

    code = "recent_login_required"

    def __init__(self) -> None:
        super().__init__("Log in again first: this needs a recent login.")


class TooManyRequestsError(AppError):
    """Too many attempts have failed.

    Args:
        seconds: After how long the next attempt is looked at.
    """

    status = 429
    code = "too_many_requests"

    def __init__(self, seconds: float) -> None:
        wait = str(max(1, math.ceil(seconds)))
        super().__init__(
            f"Too many attempts; please try again in {wait} seconds.", headers={"Retry-After": wait}
        )
