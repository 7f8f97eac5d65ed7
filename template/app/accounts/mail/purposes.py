"""What mail is sent for."""

from enum import StrEnum


class MailPurpose(StrEnum):
    """Why somebody gets mail; a template has the name of each."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    CHANGE_EMAIL = "change_email"
    EMAIL_CHANGED = "email_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
