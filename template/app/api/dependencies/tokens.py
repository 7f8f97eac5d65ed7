"""The service for tokens, with what it needs."""

from typing import Annotated

from fastapi import Depends, Request

from app.api.dependencies.request import OriginDep, SettingsDep
from app.api.dependencies.throttle import ThrottleDep
from app.api.dependencies.unit_of_work import UnitOfWorkDep
from app.services.token import TokenService


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
