"""The services of accounts, each with what it needs."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import State

from app.accounts.crud.audit_event import AuditEventRepository
from app.accounts.crud.unit_of_work import (
    UnitOfWork,
    UnitOfWorkFactory,
    unit_of_work_factory,
)
from app.accounts.services.auth import AuthService
from app.accounts.services.context import AccountContext
from app.accounts.services.emails import EmailService
from app.accounts.services.passwords import PasswordService
from app.accounts.services.sessions import AuthSessionService
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


async def get_unit_of_work(request: Request) -> UnitOfWorkFactory:
    """Return the function that begins one."""
    return unit_of_work_factory(request.app.state.sessions)


ClientInfoDep = Annotated[ClientInfo, Depends(get_client_info)]
UnitOfWorkDep = Annotated[UnitOfWorkFactory, Depends(get_unit_of_work)]


def make_context(
    state: State, begin: UnitOfWorkFactory, client: ClientInfo
) -> AccountContext:
    """Create the context of services, by the state of a running application."""
    settings: AccountsSettings = state.settings
    return AccountContext(
        begin,
        state.passwords,
        state.password_policy,
        ThrottleService(store_of(state), settings.throttle, settings.secret_key),
        settings.accounts,
        client,
    )


async def get_context(
    request: Request, begin: UnitOfWorkDep, client: ClientInfoDep
) -> AccountContext:
    """Provide what services without a transaction of their own work with."""
    return make_context(request.app.state, begin, client)


ContextDep = Annotated[AccountContext, Depends(get_context)]


def with_context(service: Callable[[AccountContext], object]) -> Any:
    """Declare a service that begins transactions of its own."""

    async def make(context: ContextDep) -> object:
        return service(context)

    return Depends(make)


def in_transaction(service: Callable[[UnitOfWork, ClientInfo], object]) -> Any:
    """Declare a service that works in the request's transaction."""

    async def make(session: SessionDep, client: ClientInfoDep) -> object:
        return service(UnitOfWork(session), client)

    return Depends(make)


AuthServiceDep = Annotated[AuthService, with_context(AuthService)]
PasswordServiceDep = Annotated[PasswordService, with_context(PasswordService)]
EmailServiceDep = Annotated[EmailService, with_context(EmailService)]
AuthSessionServiceDep = Annotated[
    AuthSessionService, in_transaction(AuthSessionService)
]
UserServiceDep = Annotated[UserService, in_transaction(UserService)]
UserAdministrationServiceDep = Annotated[
    UserAdministrationService, in_transaction(UserAdministrationService)
]


async def get_audit_events(session: SessionDep) -> AuditEventRepository:
    """Provide the audit log, which nobody changes."""
    return UnitOfWork(session).audit_events


AuditEventsDep = Annotated[AuditEventRepository, Depends(get_audit_events)]
