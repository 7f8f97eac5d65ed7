"""Deletes what has expired."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import structlog

from app.core.settings.audit import AuditSettings
from app.crud.unit_of_work import UnitOfWorkFactory

logger = structlog.get_logger()


async def prune(begin: UnitOfWorkFactory, audit: AuditSettings) -> None:
    """Delete sessions, tokens and failed attempts that have expired, and old security events."""
    moment = datetime.now(UTC)
    async with begin() as unit:
        await unit.refresh_tokens.prune(moment)
        await unit.auth_sessions.prune(moment)
        await unit.throttles.prune(moment)
        await unit.audit_events.prune(moment - timedelta(days=audit.retention_days))


async def prune_forever(begin: UnitOfWorkFactory, interval: float, audit: AuditSettings) -> None:
    """Prune every `interval` seconds; a failure is logged, and the next time comes."""
    while True:
        await asyncio.sleep(interval)
        try:
            await prune(begin, audit)
        except Exception:
            logger.exception("pruning_failed")


@asynccontextmanager
async def run_pruning(
    begin: UnitOfWorkFactory, interval: float, audit: AuditSettings
) -> AsyncIterator[None]:
    """Prune in the background for as long as the application runs."""
    task = asyncio.create_task(prune_forever(begin, interval, audit))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
