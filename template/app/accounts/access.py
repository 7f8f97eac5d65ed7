"""Who may read and write a resource, where that is not users alone."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from starlette.requests import HTTPConnection

from app.accounts.dependencies import (
    check_websocket,
    get_credentials,
    get_principal,
    kind_of,
    require_scope,
)
from app.accounts.errors import InvalidSessionError, UnauthorizedError
from app.core.openapi import problem_responses
from app.db.session import SessionDep

PUBLIC = None
"""Nobody has to log in."""

ADMIN = "data:admin"
"""The scope of administrators; `app.accounts.scopes` says which roles have it."""


@dataclass(frozen=True)
class Access:
    """What the operations of a router demand: a scope of the caller.

    Whose rows they are is asked by repositories, not here.
    """

    router: APIRouter
    read: str | None = "data:read"
    write: str = "data:write"


async def identify_caller(request: HTTPConnection, session: SessionDep) -> None:
    """Find who is calling, if credentials are shown.

    Raises:
        InvalidSessionError: If they are no longer good: a client must not take itself
            for logged in.
    """
    try:
        shown = await get_credentials(request)
    except InvalidSessionError:
        raise
    except UnauthorizedError:
        return
    await get_principal(request, shown, session)


def include_with_access(
    target: FastAPI | APIRouter, access: Access, **options: Any
) -> None:
    """Include the operations of a resource; each demands what `access` says.

    WebSockets require that the caller may read and write.
    """
    requirements = {
        "read": Depends(identify_caller),
        "write": require_scope(access.write),
        "websocket": Depends(check_websocket),
    }
    documented = {"read": problem_responses(401)}
    if access.read is not PUBLIC:
        requirements["read"], documented = require_scope(access.read), {}
    for kind, required in requirements.items():
        routes = [one for one in access.router.routes if kind_of(one) == kind]
        target.include_router(
            APIRouter(routes=routes),
            dependencies=[required],
            responses=documented.get(kind),
            **options,
        )
