"""The services of accounts, each with what it needs."""

from typing import Annotated

from fastapi import Depends, Request

from app.api.dependencies.database import SessionDep
from app.api.dependencies.request import OriginDep, SettingsDep
from app.api.dependencies.throttle import ThrottleDep
from app.api.dependencies.unit_of_work import UnitOfWorkDep
from app.crud.unit_of_work import UnitOfWork
from app.services.audit_event import AuditEventService
from app.services.auth import AuthService
from app.services.auth_session import AuthSessionService
from app.services.email_change import EmailChangeService
from app.services.password import PasswordService
from app.services.reauthentication import Reauthentication
from app.services.user import UserService
from app.services.user_administration import UserAdministrationService
from app.services.verification import VerificationService


async def get_auth_service(
    request: Request,
    begin: UnitOfWorkDep,
    throttle: ThrottleDep,
    settings: SettingsDep,
    origin: OriginDep,
) -> AuthService:
    """Provide the service for registering and logging in."""
    state = request.app.state
    return AuthService(
        begin, state.passwords, state.password_policy, throttle, settings.accounts, origin
    )


AuthServiceDep = Annotated[AuthService, Depends(get_auth_service)]


async def get_password_service(
    request: Request, begin: UnitOfWorkDep, throttle: ThrottleDep, origin: OriginDep
) -> PasswordService:
    """Provide the service for new passwords."""
    state = request.app.state
    return PasswordService(begin, state.passwords, state.password_policy, throttle, origin)


PasswordServiceDep = Annotated[PasswordService, Depends(get_password_service)]


async def get_verification_service(
    begin: UnitOfWorkDep, throttle: ThrottleDep, origin: OriginDep
) -> VerificationService:
    """Provide the service that verifies addresses."""
    return VerificationService(begin, throttle, origin)


VerificationServiceDep = Annotated[VerificationService, Depends(get_verification_service)]


async def get_email_change_service(
    request: Request, begin: UnitOfWorkDep, throttle: ThrottleDep, origin: OriginDep
) -> EmailChangeService:
    """Provide the service that changes addresses."""
    passwords = request.app.state.passwords
    reauthentication = Reauthentication(begin, passwords, throttle, origin)
    return EmailChangeService(begin, reauthentication, throttle, origin)


EmailChangeServiceDep = Annotated[EmailChangeService, Depends(get_email_change_service)]


async def get_auth_session_service(session: SessionDep, origin: OriginDep) -> AuthSessionService:
    """Provide the service for sessions."""
    return AuthSessionService(UnitOfWork(session), origin)


AuthSessionServiceDep = Annotated[AuthSessionService, Depends(get_auth_session_service)]


async def get_user_service(
    session: SessionDep, origin: OriginDep, settings: SettingsDep
) -> UserService:
    """Provide the service for the caller's own account."""
    return UserService(UnitOfWork(session), origin, settings.accounts.fresh_lifetime)


UserServiceDep = Annotated[UserService, Depends(get_user_service)]


async def get_user_administration_service(
    session: SessionDep, origin: OriginDep
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
