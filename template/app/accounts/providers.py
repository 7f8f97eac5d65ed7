"""The services of accounts, each with what it needs."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import State

from app.accounts.crud.unit_of_work import (
    UnitOfWork,
    UnitOfWorkFactory,
    unit_of_work_factory,
)
from app.accounts.services.auth import AuthService
from app.accounts.services.emails import EmailChangeService, VerificationService
from app.accounts.services.password import PasswordService
from app.accounts.services.sessions import AuthSessionService
from app.accounts.services.steps import Reauthentication
from app.accounts.services.users import (
    AuditEventService,
    UserAdministrationService,
    UserService,
)
from app.accounts.throttle.service import ThrottleService
from app.accounts.throttle.store import store_of
from app.config import Settings
from app.core.http.client import ClientInfo, client_info
from app.db.session import SessionDep


async def get_unit_of_work(request: Request) -> UnitOfWorkFactory:
    """Give the function that begins one."""
    return unit_of_work_factory(request.app.state.sessions)


UnitOfWorkDep = Annotated[UnitOfWorkFactory, Depends(get_unit_of_work)]


async def get_client_info(request: Request) -> ClientInfo:
    """Tell where the request comes from."""
    address = request.client.host if request.client else ""
    return client_info(address, request.headers.get("User-Agent", ""))


async def get_settings(request: Request) -> Settings:
    """Give the application's settings."""
    settings: Settings = request.app.state.settings
    return settings


ClientInfoDep = Annotated[ClientInfo, Depends(get_client_info)]
SettingsDep = Annotated[Settings, Depends(get_settings)]


def make_throttle(state: State, settings: Settings) -> ThrottleService:
    """Make the throttling, by the state of a running application."""
    store = store_of(state, settings.throttle)
    return ThrottleService(store, settings.throttle, settings.secret_key)


async def get_throttle(request: Request, settings: SettingsDep) -> ThrottleService:
    """Provide the throttling."""
    return make_throttle(request.app.state, settings)


ThrottleDep = Annotated[ThrottleService, Depends(get_throttle)]


async def get_auth_service(
    request: Request,
    begin: UnitOfWorkDep,
    throttle: ThrottleDep,
    settings: SettingsDep,
    origin: ClientInfoDep,
) -> AuthService:
    """Provide the service for registering and logging in."""
    state = request.app.state
    return AuthService(
        begin,
        state.passwords,
        state.password_policy,
        throttle,
        settings.accounts,
        origin,
    )


AuthServiceDep = Annotated[AuthService, Depends(get_auth_service)]


async def get_password_service(
    request: Request, begin: UnitOfWorkDep, throttle: ThrottleDep, origin: ClientInfoDep
) -> PasswordService:
    """Provide the service for new passwords."""
    state = request.app.state
    return PasswordService(
        begin, state.passwords, state.password_policy, throttle, origin
    )


PasswordServiceDep = Annotated[PasswordService, Depends(get_password_service)]


async def get_verification_service(
    begin: UnitOfWorkDep, throttle: ThrottleDep, origin: ClientInfoDep
) -> VerificationService:
    """Provide the service that verifies addresses."""
    return VerificationService(begin, throttle, origin)


VerificationServiceDep = Annotated[
    VerificationService, Depends(get_verification_service)
]


async def get_email_change_service(
    request: Request, begin: UnitOfWorkDep, throttle: ThrottleDep, origin: ClientInfoDep
) -> EmailChangeService:
    """Provide the service that changes addresses."""
    passwords = request.app.state.passwords
    reauthentication = Reauthentication(begin, passwords, throttle, origin)
    return EmailChangeService(begin, reauthentication, throttle, origin)


EmailChangeServiceDep = Annotated[EmailChangeService, Depends(get_email_change_service)]


async def get_auth_session_service(
    session: SessionDep, origin: ClientInfoDep
) -> AuthSessionService:
    """Provide the service for sessions."""
    return AuthSessionService(UnitOfWork(session), origin)


AuthSessionServiceDep = Annotated[AuthSessionService, Depends(get_auth_session_service)]


async def get_user_service(
    session: SessionDep, origin: ClientInfoDep, settings: SettingsDep
) -> UserService:
    """Provide the service for the caller's own account."""
    return UserService(UnitOfWork(session), origin, settings.accounts.fresh_lifetime)


UserServiceDep = Annotated[UserService, Depends(get_user_service)]


async def get_user_administration_service(
    session: SessionDep, origin: ClientInfoDep
) -> UserAdministrationService:
    """Provide the service for administrating users."""
    return UserAdministrationService(UnitOfWork(session), origin)


UserAdministrationServiceDep = Annotated[
    UserAdministrationService, Depends(get_user_administration_service)
]


async def get_audit_event_service(session: SessionDep) -> AuditEventService:
    """Provide the service for the audit log."""
    return AuditEventService(UnitOfWork(session))


AuditEventServiceDep = Annotated[AuditEventService, Depends(get_audit_event_service)]
