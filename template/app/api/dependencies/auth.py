"""Who is calling, and what the caller must be allowed to do."""

from typing import Annotated, Any

import structlog
from fastapi import Depends, Request, Security
from fastapi.security import SecurityScopes

from app.api.dependencies import credentials
from app.api.dependencies.database import SessionDep
from app.api.dependencies.unit_of_work import UnitOfWorkDep
from app.core.security.errors import ForbiddenError, InsufficientScopeError
from app.core.security.scopes import Role
from app.crud.auth_session import AuthSessionRepository
from app.models.user import User
from app.services.caller import Caller, identify

# Those who depend on it are shown with a lock. What is expensive must not: FastAPI would do it once
# for each set of scopes.
Documented = Annotated[str | None, Depends(credentials.scheme)]


async def get_caller(
    request: Request, claims: credentials.ClaimsDep, session: SessionDep
) -> Caller:
    """Find the caller in the request's transaction."""
    return note(request, await identify(AuthSessionRepository(session), claims))


async def get_detached_caller(
    request: Request, claims: credentials.ClaimsDep, begin: UnitOfWorkDep
) -> Caller:
    """Find the caller in a transaction that is over when the endpoint begins."""
    async with begin(reading=True) as unit:
        return note(request, await identify(unit.auth_sessions, claims))


def note(request: Request, caller: Caller) -> Caller:
    """Name the caller in the log."""
    user_id, state = str(caller.user.id), request.state
    state.user_id, state.auth_session = caller.user.id, caller.session
    state.log_fields = {"user_id": user_id}
    structlog.contextvars.bind_contextvars(user_id=user_id)
    return caller


CallerDep = Annotated[Caller, Depends(get_caller)]
"""For providers of services; endpoints take `CurrentCaller`."""


async def document_caller(caller: CallerDep, _scheme: Documented) -> Caller:
    """Give the caller, and show in the documentation that there must be one."""
    return caller


async def document_detached_caller(
    caller: Annotated[Caller, Depends(get_detached_caller)], _scheme: Documented
) -> Caller:
    """Do the same for `DetachedCaller`."""
    return caller


CurrentCaller = Annotated[Caller, Depends(document_caller)]
DetachedCaller = Annotated[Caller, Depends(document_detached_caller)]
"""For endpoints that hash: they must not hold a transaction meanwhile."""


async def get_current_user(caller: CurrentCaller) -> User:
    """Give the user who is calling; active, or the request would have been refused."""
    return caller.user


CurrentUser = Annotated[User, Depends(get_current_user)]


async def check_scopes(required: SecurityScopes, caller: CallerDep, _scheme: Documented) -> None:
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

    async def check(caller: CurrentCaller) -> None:
        caller.require_all_scopes()
        if caller.user.role != role and not caller.user.is_superuser:
            raise ForbiddenError(f"Only users with the role {role.value} may do this.")

    return Depends(check)


async def get_superuser(caller: CurrentCaller) -> User:
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
