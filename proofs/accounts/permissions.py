"""Who may do what: a line for each operation. Whoever adds an operation adds its line.

What only this way of logging in needs is in the fixture `permissions`; resources need
no lines.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.routing import APIRoute

from app.api.v1.router import RESOURCES as ROUTERS

ANONYMOUS, USER, ADMIN, SUPERUSER = "anonymous", "user", "admin", "superuser"
EVERYBODY = frozenset({ANONYMOUS, USER, ADMIN, SUPERUSER})
USERS = EVERYBODY - {ANONYMOUS}
ADMINS = frozenset({ADMIN, SUPERUSER})
OWNER = frozenset({"owner"})


@dataclass(frozen=True)
class Permission:
    """Who may carry out an operation.

    Attributes:
        callers: Who may; for all but the owner, what belongs to an owner does not
            exist.
        scope: The scope that their session must have.
    """

    callers: frozenset[str]
    scope: str | None = None

    @property
    def is_protected(self) -> bool:
        """Tell whether credentials are needed."""
        return ANONYMOUS not in self.callers

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
    "POST /api/v1/auth/logout": Permission(USERS),
    "POST /api/v1/auth/logout-all": Permission(USERS),
    "GET /api/v1/auth/sessions": Permission(USERS),
    "DELETE /api/v1/auth/sessions/{session_id}": Permission(OWNER),
    "POST /api/v1/auth/resend-verification": Permission(EVERYBODY),
    "POST /api/v1/auth/verify-email": Permission(EVERYBODY),
    "POST /api/v1/auth/confirm-email": Permission(EVERYBODY),
    "POST /api/v1/auth/forgot-password": Permission(EVERYBODY),
    "POST /api/v1/auth/reset-password": Permission(EVERYBODY),
    "GET /api/v1/users/me": Permission(USERS),
    "PATCH /api/v1/users/me": Permission(USERS),
    "DELETE /api/v1/users/me": Permission(USERS),
    "POST /api/v1/users/me/password": Permission(USERS),
    "POST /api/v1/users/me/email": Permission(USERS),
    "GET /api/v1/users": Permission(ADMINS, "users:admin"),
    "GET /api/v1/users/{user_id}": Permission(ADMINS, "users:admin"),
    "PATCH /api/v1/users/{user_id}": Permission(ADMINS, "users:admin"),
    "GET /api/v1/users/{user_id}/sessions": Permission(ADMINS, "users:admin"),
    "DELETE /api/v1/users/{user_id}/sessions": Permission(ADMINS, "users:admin"),
    "POST /api/v1/users/{user_id}/reset-password": Permission(ADMINS, "users:admin"),
    "GET /api/v1/audit-events": Permission(ADMINS, "audit:read"),
    "GET /samples": Permission(USERS, "data:read"),
    "POST /samples": Permission(USERS, "data:write"),
    "GET /samples/{sample_id}": Permission(USERS, "data:read"),
    "PUT /samples/{sample_id}": Permission(USERS, "data:write"),
    "PATCH /samples/{sample_id}": Permission(USERS, "data:write"),
    "DELETE /samples/{sample_id}": Permission(USERS, "data:write"),
    "GET /sample-kinds": Permission(USERS, "data:read"),
    "POST /sample-kinds": Permission(USERS, "data:write"),
    "GET /sample-kinds/{sample_kind_id}": Permission(USERS, "data:read"),
    "GET /owned-samples": Permission(USERS, "data:read"),
    "POST /owned-samples": Permission(USERS, "data:write"),
    "GET /owned-samples/{owned_sample_id}": Permission(OWNER, "data:read"),
    "PUT /owned-samples/{owned_sample_id}": Permission(OWNER, "data:write"),
    "PATCH /owned-samples/{owned_sample_id}": Permission(OWNER, "data:write"),
    "DELETE /owned-samples/{owned_sample_id}": Permission(OWNER, "data:write"),
    "GET /health/live": Permission(EVERYBODY),
    "GET /health/ready": Permission(EVERYBODY),
}


def of_resources() -> Iterator[tuple[str, Permission]]:
    """Give who may do what with resources, by operation: the same for each of them."""
    for route in (route for router in ROUTERS for route in router.routes):
        assert isinstance(route, APIRoute)
        for method in route.methods or ():
            scope = "data:read" if method == "GET" else "data:write"
            yield f"{method} /api/v1{route.path}", Permission(USERS, scope)


RESOURCES = dict(of_resources())
PROTECTED = {key: one for key, one in PERMISSIONS.items() if one.is_protected}
