"""Errors about who is calling, and how often."""

import math

from app.core.errors import AppError, BadRequestError


class UnauthorizedError(AppError):
    """The caller is not known."""

    status = 401
    code = "unauthorized"


class InvalidSessionError(UnauthorizedError):
    """What the caller has shown stands for no session, or for one that has ended."""


class InvalidCredentialsError(UnauthorizedError):
    """Nobody can log in like that; which part is wrong is not said (ASVS 5.0, 6.3.8)."""

    code = "invalid_credentials"

    def __init__(self) -> None:
        super().__init__("The user name or the password is wrong.")


class InvalidMailTokenError(BadRequestError):
    """A token from a mail is good for nothing; whether it ever was is not said."""

    code = "invalid_token"

    def __init__(self) -> None:
        super().__init__(
            "This link is not valid, or not any more; ask for another one."
        )


class ForbiddenError(AppError):
    """The caller is known, and may not do this."""

    status = 403
    code = "forbidden"


class InsufficientScopeError(ForbiddenError):
    """The session does not have a scope that this needs.

    Args:
        scope: The scopes that it needs, separated by spaces.
    """

    def __init__(self, scope: str) -> None:
        super().__init__(f"This needs the scope {scope}.")
        self.scope = scope


class WrongPasswordError(AppError):
    """Whoever is logged in does not know the password."""

    status = 403
    code = "wrong_password"

    def __init__(self, field: str) -> None:
        message = "This is not your password."
        super().__init__(message, fields={field: [message]})


class NarrowSessionError(ForbiddenError):
    """The client asked for some scopes only, and the account itself is not among them."""

    code = "insufficient_scope"

    def __init__(self) -> None:
        super().__init__(
            "This session has not all of your scopes; log in without naming any."
        )


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
            f"Too many attempts; please try again in {wait} seconds.",
            headers={"Retry-After": wait},
        )
