"""What operations of accounts add to the OpenAPI document."""

from typing import Any

from fastapi import FastAPI

from app.core.openapi import HEADERS, Json, extend_openapi, problem_description
from app.core.security.passwords import MAX_LENGTH, PasswordSettings

NEW_PASSWORDS = (
    ("UserCreate", "password"),
    ("PasswordChange", "new_password"),
    ("PasswordReset", "new_password"),
)
DESCRIPTIONS = {
    400: problem_description(
        400,
        {
            "error_code": "invalid_link",
            "detail": "This link is not valid, or not any more; ask for another one.",
        },
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
            "error_code": "login_throttled",
            "detail": "Too many attempts; please try again in 8 seconds.",
        },
        HEADERS[503],
    ),
}


def account_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the errors of an operation that follow from no rule, for `responses=`."""
    return {
        status: DESCRIPTIONS.get(status) or problem_description(status)
        for status in statuses
    }


def register_password_lengths(app: FastAPI, settings: PasswordSettings) -> None:
    """Add how long a new password must be."""
    lengths = {"minLength": settings.min_length, "maxLength": MAX_LENGTH}

    def add_lengths(document: Json) -> None:
        schemas = document["components"]["schemas"]
        for schema, field in NEW_PASSWORDS:
            if schema in schemas:
                schemas[schema]["properties"][field] |= lengths

    extend_openapi(app, add_lengths)
