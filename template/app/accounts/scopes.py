"""What users may do: one vocabulary for roles, sessions and the documentation."""

from enum import StrEnum

SCOPES = {
    "data:read": "List and read what the API keeps.",
    "data:write": "Create, change and delete it.",
    "users:admin": "List users, disable them, change their roles, end their sessions.",
    "audit:read": "Read the audit log.",
}


class Role(StrEnum):
    """The roles of users."""

    USER = "user"
    ADMIN = "admin"


ROLE_SCOPES: dict[str, frozenset[str]] = {
    Role.USER: frozenset({"data:read", "data:write"}),
    Role.ADMIN: frozenset(SCOPES),
}
ADMIN_ROLES = tuple(
    role for role, scopes in ROLE_SCOPES.items() if "users:admin" in scopes
)


def effective_scopes(
    role: str, *, is_superuser: bool, requested: str | None = None
) -> frozenset[str]:
    """Return what a user may do in a session; with an unknown role, nothing.

    The client may have requested less, separated by spaces (RFC 6749, section 3.3).
    """
    granted = frozenset(SCOPES) if is_superuser else ROLE_SCOPES.get(role, frozenset())
    return granted if requested is None else granted & frozenset(requested.split())
