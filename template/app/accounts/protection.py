"""Demands scopes of whoever calls the operations of a router."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from app.accounts.dependencies import require_scope
from app.accounts.openapi import account_responses
from app.core.http.scope import SAFE_METHODS


def is_safe(route: BaseRoute) -> bool:
    """Tell whether an operation only reads; an inner router does not."""
    return isinstance(route, APIRoute) and SAFE_METHODS.issuperset(route.methods or ())


def reading(router: APIRouter) -> APIRouter:
    """Give the operations of a router that only read."""
    return APIRouter(routes=[route for route in router.routes if is_safe(route)])


def changing(router: APIRouter) -> APIRouter:
    """Give the operations of a router that change something."""
    return APIRouter(routes=[route for route in router.routes if not is_safe(route)])


def demanding(scope: str, **options: Any) -> dict[str, Any]:
    """Demand a scope of whoever calls a router's operations.

    Args:
        scope: The scope.
        options: Other options of `include_router`.

    Returns:
        All options.
    """
    demands = {
        "dependencies": [*options.get("dependencies", ()), require_scope(scope)],
        "responses": {**options.get("responses", {}), **account_responses(401, 403)},
    }
    return options | demands


def include_guarded(
    target: FastAPI | APIRouter, router: APIRouter, **options: Any
) -> None:
    """Include the operations of a resource; each demands a scope for what it does."""
    target.include_router(reading(router), **demanding("data:read", **options))
    target.include_router(changing(router), **demanding("data:write", **options))
