"""The services of accounts, each with what it needs."""

from typing import Annotated

from fastapi import Depends, Request

from app.api.dependencies.database import SessionDep
from app.api.dependencies.request import OriginDep, SettingsDep
from app.api.dependencies.unit_of_work import UnitOfWorkDep
from app.crud.unit_of_work import UnitOfWork
from app.services.auth import AuthService
from app.services.auth_session import AuthSessionService
from app.services.throttle import ThrottleService
from app.services.token import TokenService
from app.services.user import UserService


async def get_throttle(begin: UnitOfWorkDep, settings: SettingsDep) -> ThrottleService:
    """Provide the throttling of credentials."""
    return ThrottleService(begin, settings.throttle, settings.secret_key)


ThrottleDep = Annotated[ThrottleService, Depends(get_throttle)]


async def get_token_service(
    request: Request,
    begin: UnitOfWorkDep,
    throttle: ThrottleDep,
    settings: SettingsDep,
    origin: OriginDep,
) -> TokenService:
    """Provide the service for tokens."""
    tokens = request.app.state.access_tokens
    return TokenService(begin, tokens, throttle, settings.accounts, origin)


TokenServiceDep = Annotated[TokenService, Depends(get_token_service)]


async def get_auth_service(
    request: Request,
    begin: UnitOfWorkDep,
    throttle: ThrottleDep,
    tokens: TokenServiceDep,
    origin: OriginDep,
) -> AuthService:
    """Provide the service for logging in."""
    state = request.app.state
    return AuthService(begin, state.passwords, state.password_policy, throttle, tokens, origin)


async def get_auth_session_service(session: SessionDep, origin: OriginDep) -> AuthSessionService:
    """Provide the service for sessions."""
    return AuthSessionService(UnitOfWork(session), origin)


async def get_user_service(
    session: SessionDep, origin: OriginDep, settings: SettingsDep
) -> UserService:
    """Provide the service for users."""
    return UserService(UnitOfWork(session), origin, settings.accounts.fresh_lifetime)


AuthServiceDep = Annotated[AuthService, Depends(get_auth_service)]
AuthSessionServiceDep = Annotated[AuthSessionService, Depends(get_auth_session_service)]
UserServiceDep = Annotated[UserService, Depends(get_user_service)]
