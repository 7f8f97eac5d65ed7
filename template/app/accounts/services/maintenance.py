"""Deletes what has expired."""

from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from functools import partial

from app.accounts.crud.unit_of_work import UnitOfWorkFactory
from app.accounts.settings import AuditSettings
from app.core.background import in_background


async def prune(begin: UnitOfWorkFactory, audit: AuditSettings) -> None:
    """Delete what has expired, and old security events."""
    moment = datetime.now(UTC)
    async with begin() as unit:
        await unit.prune(moment)
        await unit.audit_events.prune(moment - timedelta(days=audit.retention_days))


def run_pruning(
    begin: UnitOfWorkFactory, interval: float, audit: AuditSettings
) -> AbstractAsyncContextManager[None]:
    """Prune in the background for as long as the application runs."""
    return in_background(partial(prune, begin, audit), interval, "pruning_failed")
