"""Completes the OpenAPI document with what the settings say about passwords."""

from typing import Any

from fastapi import FastAPI

from app.core.settings.passwords import PasswordSettings

NEW_PASSWORDS = (
    ("UserCreate", "password"),
    ("PasswordChange", "new_password"),
    ("PasswordReset", "new_password"),
)


def register_password_lengths(app: FastAPI, settings: PasswordSettings) -> None:
    """Add how long a new password must be."""
    generate = app.openapi
    lengths = {"minLength": settings.min_length, "maxLength": settings.max_length}

    def openapi() -> dict[str, Any]:
        document = generate()
        schemas = document["components"]["schemas"]
        for schema, field in NEW_PASSWORDS:
            if schema in schemas:
                schemas[schema]["properties"][field] |= lengths
        return document

    app.openapi = openapi  # type: ignore[method-assign]
