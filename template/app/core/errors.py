"""Errors that services raise, and what the client learns from each."""

from collections.abc import Mapping


class AppError(Exception):
    """An answer that is an error.

    Attributes:
        status: HTTP status code.
        code: Stable name of the error; clients decide by it.
        detail: A sentence for people.
        fields: Messages for each field that is to blame.
        headers: Additional response headers.
    """

    status = 500
    code = "internal_error"

    def __init__(
        self,
        detail: str,
        *,
        fields: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields = fields
        self.headers = headers


class BadRequestError(AppError):
    """The request cannot be understood."""

    status = 400
    code = "bad_request"


class NotFoundError(AppError):
    """There is no such thing, or the caller must not know of it."""

    status = 404
    code = "not_found"


class ConflictError(AppError):
    """The request contradicts what is stored."""

    status = 409
    code = "conflict"


class PreconditionFailedError(AppError):
    """The client has meant another state of the thing than it is in."""

    status = 412
    code = "precondition_failed"


class TooLargeError(AppError):
    """The request body is larger than allowed."""

    status = 413
    code = "content_too_large"


class InvalidError(AppError):
    """The request is understood, but breaks a rule."""

    status = 422
    code = "validation_error"


class PreconditionRequiredError(AppError):
    """The client must say which state of the thing it means."""

    status = 428
    code = "precondition_required"


class UnavailableError(AppError):
    """Something that the API needs does not answer; the same request can succeed later."""

    status = 503
    code = "service_unavailable"

    def __init__(
        self,
        detail: str = "Please try again in a moment.",
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        # No field of the request is to blame.
        super().__init__(detail, headers={"Retry-After": "1", **(headers or {})})
