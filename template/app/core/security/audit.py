"""The security events that are kept (ASVS 5.0, chapter 16.3)."""

from enum import StrEnum


class AuditAction(StrEnum):
    """What has happened."""

    REGISTERED = "registered"
    LOGGED_IN = "logged_in"
    LOGIN_FAILED = "login_failed"
    LOGGED_OUT = "logged_out"
    LOGGED_OUT_EVERYWHERE = "logged_out_everywhere"
    SESSION_ENDED = "session_ended"
    TOKEN_REUSED = "token_reused"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_CHANGE_FAILED = "password_change_failed"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    PROFILE_CHANGED = "profile_changed"
    ACCOUNT_DELETED = "account_deleted"
    ROLE_CHANGED = "role_changed"
    USER_DISABLED = "user_disabled"
    USER_ENABLED = "user_enabled"
    ADMIN_CREATED = "admin_created"
    ACCESS_DENIED = "access_denied"
