"""The services of accounts, each with what it needs."""

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from app.accounts.crud import (
    AuditEventRepository,
    UnitOfWork,
    UnitOfWorkFactory,
    unit_of_work_factory,
)
from app.accounts.services.account import EmailService, PasswordService
from app.accounts.services.auth import AuthService, AuthSessionService
from app.accounts.services.base import AccountService, RequestService
from app.accounts.services.users import UserAdministrationService, UserService
from app.accounts.settings import AccountsSettings
from app.accounts.throttle import ThrottleService
from app.core.http.client import ClientInfo, client_info
from app.core.security.throttle import store_of
from app.db.session import SessionDep


async def get_client_info(request: Request) -> ClientInfo:
    """Return where the request comes from."""
    address = request.client.host if request.client else ""
    return client_info(address, request.headers.get("User-Agent", ""))


async def get_unit_of_work(request: HTTPConnection) -> UnitOfWorkFactory:
    """Return the function that begins one."""
    return unit_of_work_factory(request.app.state.sessions)


ClientInfoDep = Annotated[ClientInfo, Depends(get_client_info)]
UnitOfWorkDep = Annotated[UnitOfWorkFactory, Depends(get_unit_of_work)]


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
    """Declare a service that works in the request's transaction."""

    async def make(session: SessionDep, client: ClientInfoDep) -> RequestService:
        return service(UnitOfWork(session), client)

    return Depends(make)


AuthServiceDep = Annotated[AuthService, account_service(AuthService)]
PasswordServiceDep = Annotated[PasswordService, account_service(PasswordService)]
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
