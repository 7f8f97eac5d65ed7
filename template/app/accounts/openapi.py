"""What endpoints that deal with credentials say about themselves in the OpenAPI document."""

from typing import Any

from fastapi import FastAPI

from app.accounts.settings import PasswordSettings
from app.core.openapi import HEADERS, extend_openapi, problem_description

NEW_PASSWORDS = (
    ("UserCreate", "password"),
    ("PasswordChange", "new_password"),
    ("PasswordReset", "new_password"),
)


def register_password_lengths(app: FastAPI, settings: PasswordSettings) -> None:
    """Add how long a new password must be."""
    lengths = {"minLength": settings.min_length, "maxLength": settings.max_length}

    def add_lengths(document: dict[str, Any]) -> None:
        schemas = document["components"]["schemas"]
        for schema, field in NEW_PASSWORDS:
            if schema in schemas:
                schemas[schema]["properties"][field] |= lengths

    extend_openapi(app, add_lengths)


CHALLENGE_HEADER: dict[str, Any] = {
    "WWW-Authenticate": {
        "description": "How to log in (RFC 9110).",
        "schema": {"type": "string"},
    }
}
DESCRIPTIONS = {
    400: problem_description(
        400,
        {
            "error_code": "invalid_token",
            "detail": "This link is not valid, or not any more; ask for another one.",
        },
    ),
    401: problem_description(
        401,
        {"error_code": "unauthorized", "detail": "Log in first."},
        CHALLENGE_HEADER,
    ),
    403: problem_description(
        403, {"error_code": "forbidden", "detail": "This needs the scope data:write."}
    ),
    404: problem_description(
        404, {"error_code": "not_found", "detail": "There is no such user."}
    ),
    409: problem_description(
        409,
        {
            "error_code": "conflict",
            "detail": "This value is already taken.",
            "field_errors": {"username": ["This value is already taken."]},
        },
    ),
    429: problem_description(
        429,
        {
            "error_code": "too_many_requests",
            "detail": "Too many attempts; please try again in 8 seconds.",
        },
        HEADERS[503],
    ),
}


def account_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the errors that an operation answers with, for `responses=`."""
    return {
        status: DESCRIPTIONS.get(status) or problem_description(status)
        for status in statuses
    }
