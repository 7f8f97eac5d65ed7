"""Who may do what: a line for each operation. Whoever adds an operation adds its line."""

from dataclasses import dataclass

ANONYMOUS, USER, ADMIN, SUPERUSER = "anonymous", "user", "admin", "superuser"
EVERYBODY = frozenset({ANONYMOUS, USER, ADMIN, SUPERUSER})
USERS = EVERYBODY - {ANONYMOUS}
ADMINS = frozenset({ADMIN, SUPERUSER})
OWNER = frozenset({"owner"})


@dataclass(frozen=True)
class Permission:
    """Who may carry out an operation.

    Attributes:
        callers: Who may; for all but the owner, what belongs to an owner does not exist.
        scope: The scope that their session must have.
    """

    callers: frozenset[str]
    scope: str | None = None

    def status(self, caller: str) -> int | None:
        """Give the status that refuses a caller; `None` if it is not refused."""
        if caller in self.callers:
            return None
        if caller == ANONYMOUS:
            return 401
        return 404 if self.callers == OWNER else 403


PERMISSIONS = {
    "POST /api/v1/auth/register": Permission(EVERYBODY),
    "POST /api/v1/auth/login": Permission(EVERYBODY),
    "POST /api/v1/auth/refresh": Permission(EVERYBODY),
    "POST /api/v1/auth/logout": Permission(USERS),
    "POST /api/v1/auth/logout-all": Permission(USERS),
    "GET /api/v1/auth/sessions": Permission(USERS),
    "DELETE /api/v1/auth/sessions/{session_id}": Permission(OWNER),
    "GET /api/v1/users/me": Permission(USERS),
    "PATCH /api/v1/users/me": Permission(USERS),
    "DELETE /api/v1/users/me": Permission(USERS),
    "POST /api/v1/users/me/password": Permission(USERS),
    "GET /api/v1/users": Permission(ADMINS, "users:admin"),
    "GET /api/v1/users/{user_id}": Permission(ADMINS, "users:admin"),
    "PATCH /api/v1/users/{user_id}": Permission(ADMINS, "users:admin"),
    "GET /api/v1/items": Permission(USERS, "items:read"),
    "POST /api/v1/items": Permission(USERS, "items:write"),
    "GET /api/v1/items/{item_id}": Permission(OWNER, "items:read"),
    "PUT /api/v1/items/{item_id}": Permission(OWNER, "items:write"),
    "PATCH /api/v1/items/{item_id}": Permission(OWNER, "items:write"),
    "DELETE /api/v1/items/{item_id}": Permission(OWNER, "items:write"),
    "GET /health/live": Permission(EVERYBODY),
    "GET /health/ready": Permission(EVERYBODY),
}
PROTECTED = {key: one for key, one in PERMISSIONS.items() if ANONYMOUS not in one.callers}
