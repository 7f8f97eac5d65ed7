"""The services of accounts, each with what it needs."""

from typing import Annotated

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


async def get_settings(request: Request) -> AccountsSettings:
    """Return the settings of accounts."""
    settings: AccountsSettings = request.app.state.settings
    return settings


async def get_client_info(request: Request) -> ClientInfo:
    """Return where the request comes from."""
    address = request.client.host if request.client else ""
    return client_info(address, request.headers.get("User-Agent", ""))


async def get_unit_of_work(request: Request) -> UnitOfWorkFactory:
    """Return the function that begins one."""
    return unit_of_work_factory(request.app.state.sessions)


SettingsDep = Annotated[AccountsSettings, Depends(get_settings)]
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


async def get_auth_service(context: ContextDep) -> AuthService:
    """Provide the service for registering and logging in."""
    return AuthService(context)


async def get_password_service(context: ContextDep) -> PasswordService:
    """Provide the service for new passwords."""
    return PasswordService(context)


async def get_email_service(context: ContextDep) -> EmailService:
    """Provide the service that verifies and changes addresses."""
    return EmailService(context)


AuthServiceDep = Annotated[AuthService, Depends(get_auth_service)]
PasswordServiceDep = Annotated[PasswordService, Depends(get_password_service)]
EmailServiceDep = Annotated[EmailService, Depends(get_email_service)]


async def get_auth_session_service(
    session: SessionDep, client: ClientInfoDep
) -> AuthSessionService:
    """Provide the service for sessions."""
    return AuthSessionService(UnitOfWork(session), client)


async def get_user_service(session: SessionDep, client: ClientInfoDep) -> UserService:
    """Provide the service for the caller's own account."""
    return UserService(UnitOfWork(session), client)


async def get_user_administration_service(
    session: SessionDep, client: ClientInfoDep
) -> UserAdministrationService:
    """Provide the service for administrating users."""
    return UserAdministrationService(UnitOfWork(session), client)


async def get_audit_events(session: SessionDep) -> AuditEventRepository:
    """Provide the audit log, which nobody changes."""
    return UnitOfWork(session).audit_events


AuthSessionServiceDep = Annotated[AuthSessionService, Depends(get_auth_session_service)]
UserServiceDep = Annotated[UserService, Depends(get_user_service)]
UserAdministrationServiceDep = Annotated[
    UserAdministrationService, Depends(get_user_administration_service)
]
AuditEventsDep = Annotated[AuditEventRepository, Depends(get_audit_events)]
