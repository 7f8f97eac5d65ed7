"""Accounts: registration, login, sessions, roles, mail and their administration.

These names are for the rest of the application.
"""

from app.accounts.dependencies import (
    CurrentPrincipal,
    CurrentUser,
    PrincipalDep,
    Superuser,
    VerifiedUser,
    WebSocketPrincipal,
    include_protected_router,
    require_role,
    require_scope,
)
from app.accounts.models import OwnedMixin, User
from app.accounts.principal import Principal
from app.accounts.scopes import Role

__all__ = [
    "CurrentPrincipal",
    "CurrentUser",
    "OwnedMixin",
    "Principal",
    "PrincipalDep",
    "Role",
    "Superuser",
    "User",
    "VerifiedUser",
    "WebSocketPrincipal",
    "include_protected_router",
    "require_role",
    "require_scope",
]
