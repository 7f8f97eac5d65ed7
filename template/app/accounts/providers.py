"""The services of accounts, each with what it needs."""

from typing import Annotated, Any

from fastapi import Depends, Request

from app.accounts.crud import AuditEventRepository, UnitOfWork
from app.accounts.dependencies import CurrentPrincipal, UnitOfWorkDep
from app.accounts.services.account import EmailService, PasswordService
from app.accounts.services.auth import AuthService, AuthSessionService
from app.accounts.services.base import AccountService, RequestService
from app.accounts.services.users import (
    DeletionService,
    UserAdministrationService,
    UserService,
)
from app.accounts.settings import AccountsSettings
from app.accounts.throttle import ThrottleService
from app.core.http.client import ClientInfo, client_info
from app.core.security.throttle import store_of
from app.db.session import SessionDep


async def get_client_info(request: Request) -> ClientInfo:
    """Return where the request comes from."""
    address = request.client.host if request.client else ""
    return client_info(address, request.headers.get("User-Agent", ""))


ClientInfoDep = Annotated[ClientInfo, Depends(get_client_info)]


async def get_parts(
    request: Request, begin: UnitOfWorkDep, client: ClientInfoDep
) -> dict[str, Any]:
    """Return what an `AccountService` is made of."""
    state = request.app.state
    settings: AccountsSettings = state.settings
    throttle = ThrottleService(store_of(state), settings.throttle, settings.secret_key)
    return {
        "begin": begin,
        "passwords": state.passwords,
        "policy": state.password_policy,
        "throttle": throttle,
        "settings": settings.accounts,
        "client": client,
    }


PartsDep = Annotated[dict[str, Any], Depends(get_parts)]


def account_service(service: type[AccountService]) -> Any:
    """Declare a service that begins transactions of its own."""

    async def make(parts: PartsDep) -> AccountService:
        return service(**parts)

    return Depends(make)


def request_service(service: type[RequestService]) -> Any:
    """Declare a service that works for the caller, in the request's transaction."""

    async def make(
        session: SessionDep, client: ClientInfoDep, principal: CurrentPrincipal
    ) -> RequestService:
        return service(UnitOfWork(session), client, principal)

    return Depends(make)


AuthServiceDep = Annotated[AuthService, account_service(AuthService)]
PasswordServiceDep = Annotated[PasswordService, account_service(PasswordService)]
DeletionServiceDep = Annotated[DeletionService, account_service(DeletionService)]
EmailServiceDep = Annotated[EmailService, account_service(EmailService)]
AuthSessionServiceDep = Annotated[
    AuthSessionService, request_service(AuthSessionService)
]
UserServiceDep = Annotated[UserService, request_service(UserService)]
UserAdministrationServiceDep = Annotated[
    UserAdministrationService, request_service(UserAdministrationService)
]


async def get_audit_events(session: SessionDep) -> AuditEventRepository:
    """Return the audit log, which nobody changes."""
    return UnitOfWork(session).audit_events


AuditEventsDep = Annotated[AuditEventRepository, Depends(get_audit_events)]
