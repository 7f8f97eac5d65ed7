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


def role_scopes(role: str) -> frozenset[str]:
    """Return what users of a role may do; with an unknown one, nothing."""
    return ROLE_SCOPES.get(role, frozenset())
