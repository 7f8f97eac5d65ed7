"""The service for tokens, with what it needs."""

from typing import Annotated

from fastapi import Depends, Request

from app.accounts.providers import (
    ClientInfoDep,
    SettingsDep,
    ThrottleDep,
    UnitOfWorkDep,
)
from app.accounts.tokens.service import TokenService


async def get_token_service(
    request: Request,
    begin: UnitOfWorkDep,
    throttle: ThrottleDep,
    settings: SettingsDep,
    origin: ClientInfoDep,
) -> TokenService:
    """Provide the service for tokens."""
    tokens = request.app.state.access_tokens
    return TokenService(begin, tokens, throttle, settings.accounts, origin)


TokenServiceDep = Annotated[TokenService, Depends(get_token_service)]
