"""Who is calling, and what the caller must be allowed to do."""

from typing import Annotated, Any

import structlog
from fastapi import Depends, Request, Security
from fastapi.security import SecurityScopes

from app.accounts.crud.auth_session import AuthSessionRepository
from app.accounts.errors import ForbiddenError, InsufficientScopeError
from app.accounts.models.account import User
from app.accounts.principal import Principal, identify
from app.accounts.providers import UnitOfWorkDep
from app.accounts.scopes import Role
from app.accounts.variant import credentials
from app.core.resource.scope import Scope
from app.db.session import SessionDep

# Those who depend on it are shown with a lock. What is expensive must not: FastAPI
# would do it once for each set of scopes.
Documented = Annotated[str | None, Depends(credentials.scheme)]


async def get_principal(
    request: Request, claims: credentials.ClaimsDep, session: SessionDep
) -> Principal:
    """Find the caller in the request's transaction."""
    sessions = AuthSessionRepository(session, Scope())
    return note(request, await identify(sessions, claims))


async def get_principal_without_transaction(
    request: Request, claims: credentials.ClaimsDep, begin: UnitOfWorkDep
) -> Principal:
    """Find the caller in a transaction that is over when the endpoint begins."""
    async with begin(reading=True) as unit:
        return note(request, await identify(unit.auth_sessions, claims))


def note(request: Request, caller: Principal) -> Principal:
    """Name the caller in the log."""
    user_id, state = str(caller.user.id), request.state
    state.user_id, state.auth_session = caller.user.id, caller.session
    state.log_fields = {"user_id": user_id}
    structlog.contextvars.bind_contextvars(user_id=user_id)
    return caller


PrincipalDep = Annotated[Principal, Depends(get_principal)]
"""For providers of services; endpoints take `CurrentPrincipal`."""


async def document_principal(caller: PrincipalDep, _scheme: Documented) -> Principal:
    """Give the caller, and show in the documentation that there must be one."""
    return caller


async def document_principal_without_transaction(
    caller: Annotated[Principal, Depends(get_principal_without_transaction)],
    _scheme: Documented,
) -> Principal:
    """Do the same for `PrincipalWithoutTransaction`."""
    return caller


CurrentPrincipal = Annotated[Principal, Depends(document_principal)]
PrincipalWithoutTransaction = Annotated[
    Principal, Depends(document_principal_without_transaction)
]
"""For endpoints that hash: they must not hold a transaction meanwhile."""


async def get_current_user(caller: CurrentPrincipal) -> User:
    """Give the user who is calling; active, or the request would have been refused."""
    return caller.user


CurrentUser = Annotated[User, Depends(get_current_user)]


async def check_scopes(
    required: SecurityScopes, caller: PrincipalDep, _scheme: Documented
) -> None:
    """Make sure that the caller has all scopes.

    Raises:
        InsufficientScopeError: If one is missing.
    """
    if not caller.scopes.issuperset(required.scopes):
        raise InsufficientScopeError(required.scope_str)


def require_scope(*scopes: str) -> Any:
    """Demand scopes of the caller; for `dependencies=[...]` of a route or a router."""
    return Security(check_scopes, scopes=list(scopes))


def require_role(role: Role) -> Any:
    """Demand a role of the caller; superusers pass. For `dependencies=[...]`."""

    async def check(caller: CurrentPrincipal) -> None:
        caller.require_all_scopes()
        if caller.user.role != role and not caller.user.is_superuser:
            raise ForbiddenError(f"Only users with the role {role.value} may do this.")

    return Depends(check)


async def get_superuser(caller: CurrentPrincipal) -> User:
    """Give the user who is calling, who is a superuser.

    Raises:
        ForbiddenError: If the user is none, or the session has not all scopes.
    """
    caller.require_all_scopes()
    if not caller.user.is_superuser:
        raise ForbiddenError("Only superusers may do this.")
    return caller.user


async def get_verified_user(user: CurrentUser) -> User:
    """Give the user who is calling, whose address is verified.

    Raises:
        ForbiddenError: If it is not.
    """
    if not user.is_verified:
        raise ForbiddenError("Verify your e-mail address first.")
    return user


Superuser = Annotated[User, Depends(get_superuser)]
VerifiedUser = Annotated[User, Depends(get_verified_user)]
