"""Who is calling, and what the caller must be allowed to do."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, FastAPI, Security
from fastapi.routing import APIRoute, APIWebSocketRoute
from fastapi.security import SecurityScopes
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute

from app.accounts.credentials import CREDENTIALS
from app.accounts.crud import UnitOfWork, UnitOfWorkFactory, unit_of_work_factory
from app.accounts.errors import (
    ForbiddenError,
    InsufficientScopeError,
    UnauthorizedError,
)
from app.accounts.models import User
from app.accounts.principal import Claims, Credential, Principal
from app.accounts.scopes import Role
from app.core.http.request import SAFE_METHODS
from app.db.session import SessionDep


def read_credentials(request: HTTPConnection) -> tuple[Credential, Claims]:
    """Return the first kind that a request shows, and what it says.

    Raises:
        UnauthorizedError: If it shows none, or one that is not valid.
    """
    state = request.scope["state"]
    if "credentials" not in state:
        read = ((one, one.read(request)) for one in CREDENTIALS)
        state["credentials"] = next(
            ((one, found) for one, found in read if found), None
        )
    shown: tuple[Credential, Claims] | None = state["credentials"]
    if shown is None:
        raise UnauthorizedError("Log in first.")
    return shown


async def get_credentials(request: HTTPConnection) -> tuple[Credential, Claims]:
    """Read the credentials, before any connection to the database is taken."""
    credential, claims = read_credentials(request)
    credential.guard(request)
    request.state.claims = claims
    return credential, claims


async def get_unit_of_work(request: HTTPConnection) -> UnitOfWorkFactory:
    """Return the function that begins one."""
    return unit_of_work_factory(request.app.state.sessions)


CredentialsDep = Annotated[tuple[Credential, Claims], Depends(get_credentials)]
UnitOfWorkDep = Annotated[UnitOfWorkFactory, Depends(get_unit_of_work)]


async def get_principal(
    request: HTTPConnection, shown: CredentialsDep, session: SessionDep
) -> Principal:
    """Find the principal in the request's transaction."""
    credential, claims = shown
    return bind_user(request, await credential.identify(UnitOfWork(session), claims))


async def get_principal_without_transaction(
    request: HTTPConnection, shown: CredentialsDep, begin: UnitOfWorkDep
) -> Principal:
    """Find the principal in a transaction that is over when the endpoint begins."""
    credential, claims = shown
    async with begin(reading=True) as unit:
        return bind_user(request, await credential.identify(unit, claims))


def bind_user(request: HTTPConnection, principal: Principal) -> Principal:
    """Make the principal known to the request's state and its log lines."""
    user_id, state = str(principal.user.id), request.state
    state.user_id, state.principal = principal.user.id, principal
    state.log_fields = {"user_id": user_id}
    structlog.contextvars.bind_contextvars(user_id=user_id)
    return principal


PrincipalDep = Annotated[Principal, Depends(get_principal)]
"""For providers of services; endpoints take `CurrentPrincipal`."""


async def show_credentials(**_schemes: object) -> None:
    """Show in the documentation that there must be credentials, of one of the kinds."""


SCHEMES = [
    inspect.Parameter(
        f"scheme_{number}",
        inspect.Parameter.KEYWORD_ONLY,
        annotation=Annotated[Any, Depends(credential.scheme)],
    )
    for number, credential in enumerate(CREDENTIALS)
]
show_credentials.__signature__ = inspect.Signature(SCHEMES)  # type: ignore[attr-defined]

# Those who depend on it are shown with a lock. What is expensive must not: FastAPI
# would do it once for each set of scopes.
Documented = Annotated[None, Depends(show_credentials)]


def documented(find: Callable[..., Awaitable[Principal]]) -> Any:
    """Declare a principal, and show in the documentation that there must be one."""

    async def show(
        principal: Annotated[Principal, Depends(find)], _shown: Documented
    ) -> Principal:
        return principal

    return Depends(show)


WebSocketPrincipal = Annotated[Principal, Depends(get_principal_without_transaction)]
"""For WebSockets: who calls when it is opened. No transaction stays open."""
CurrentPrincipal = Annotated[Principal, documented(get_principal)]
PrincipalWithoutTransaction = Annotated[
    Principal, documented(get_principal_without_transaction)
]
"""For endpoints that hash: they must not hold a transaction meanwhile."""


async def get_current_user(principal: CurrentPrincipal) -> User:
    """Return the user who is calling; an inactive one would have been refused."""
    return principal.user


CurrentUser = Annotated[User, Depends(get_current_user)]


async def get_superuser(principal: CurrentPrincipal) -> User:
    """Return who is calling; `ForbiddenError` unless it is a superuser."""
    principal.require_all_scopes()
    if not principal.user.is_superuser:
        raise ForbiddenError("Only superusers may do this.")
    return principal.user


async def get_verified_user(user: CurrentUser) -> User:
    """Return who is calling; `ForbiddenError` unless the address is verified."""
    if not user.is_verified:
        raise ForbiddenError("Verify your e-mail address first.")
    return user


Superuser = Annotated[User, Depends(get_superuser)]
VerifiedUser = Annotated[User, Depends(get_verified_user)]


def require_role(role: Role) -> Any:
    """Require a role of the caller; superusers pass. For `dependencies=[...]`."""

    async def check(principal: CurrentPrincipal) -> None:
        principal.require_all_scopes()
        if principal.user.role != role and not principal.user.is_superuser:
            raise ForbiddenError(f"Only users with the role {role.value} may do this.")

    return Depends(check)


async def check_scopes(
    required: SecurityScopes, principal: PrincipalDep, _shown: Documented
) -> None:
    """Raise `InsufficientScopeError` if the caller lacks a scope."""
    if not principal.scopes.issuperset(required.scopes):
        raise InsufficientScopeError(required.scope_str)


async def check_websocket(principal: WebSocketPrincipal) -> None:
    """Raise `InsufficientScopeError` if the caller may not read and write."""
    if not principal.scopes.issuperset(needed := ("data:read", "data:write")):
        raise InsufficientScopeError(" ".join(needed))


def require_scope(*scopes: str) -> Any:
    """Require scopes of the caller; for `dependencies=[...]` of a route or a router."""
    return Security(check_scopes, scopes=list(scopes))


def include_protected_router(
    target: FastAPI | APIRouter, router: APIRouter, **options: Any
) -> None:
    """Include the operations of a resource; each requires a scope for what it does.

    WebSockets require that the caller may read and write.
    """
    requirements = {
        "read": require_scope("data:read"),
        "write": require_scope("data:write"),
        "websocket": Depends(check_websocket),
    }
    for kind, required in requirements.items():
        part = APIRouter(routes=[one for one in router.routes if kind_of(one) == kind])
        target.include_router(part, dependencies=[required], **options)


def kind_of(route: BaseRoute) -> str:
    """Return what a route does; an inner router may write."""
    if isinstance(route, APIWebSocketRoute):
        return "websocket"
    reads = isinstance(route, APIRoute) and SAFE_METHODS.issuperset(route.methods or ())
    return "read" if reads else "write"
