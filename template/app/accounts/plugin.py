"""Attaches accounts to the application."""

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import unit_of_work_factory
from app.accounts.errors import ForbiddenError, UnauthorizedError
from app.accounts.openapi import register_password_lengths
from app.accounts.providers import get_client_info
from app.accounts.variant import credentials
from app.config import Settings
from app.core.errors import error_response
from app.core.security.password_policy import PasswordPolicy
from app.core.security.passwords import PasswordHasher


async def challenge(
    request: Request, error: UnauthorizedError | ForbiddenError
) -> Response:
    """Answer, and say how to log in or what the session lacks (RFC 9110, section 11.6.1)."""
    error.headers = {**(error.headers or {}), **credentials.challenge(error)}
    return error_response(request.scope, error)


async def audit_denial(request: Request, error: ForbiddenError) -> Response:
    """Record who was refused what; by now the request's own transaction is rolled back."""
    user_id, origin = (
        getattr(request.state, "user_id", None),
        await get_client_info(request),
    )
    async with unit_of_work_factory(request.app.state.sessions)() as unit:
        await unit.audit_events.record(
            AuditAction.ACCESS_DENIED, user_id, origin, actor_id=user_id
        )
    return await challenge(request, error)


def register_accounts(app: FastAPI, settings: Settings) -> None:
    """Prepare what all requests share: the keys, the rules, the threads that hash."""
    credentials.register_credentials(app, settings)
    app.state.passwords = PasswordHasher(
        settings.passwords, workers=settings.server.workers
    )
    app.state.password_policy = PasswordPolicy(
        settings.passwords, settings.project_name
    )
    app.exception_handler(UnauthorizedError)(challenge)
    app.exception_handler(ForbiddenError)(audit_denial)
    register_password_lengths(app, settings.passwords)
