"""Deletes what has expired, now and then."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any

import click
from fastapi import FastAPI
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.background import in_background
from app.core.commands import open_sessions, report_errors
from app.core.feature import Feature, Prunable
from app.core.project import ProjectSettings
from app.core.resource.repository import change
from app.db.base import now

PRUNE_INTERVAL = 3600
"""Seconds between two times: what has expired counts no more, it only takes room."""


async def prune(
    sessions: async_sessionmaker[AsyncSession],
    tables: Sequence[Prunable],
    settings: object,
) -> None:
    """Delete what is too old, in a transaction for each table."""
    for table in tables:
        async with sessions.begin() as session:
            is_old = table.column <= now() - table.keep(settings)
            await change(session, delete(table.column.class_).where(is_old))


def pruning(tables: Sequence[Prunable]) -> Feature:
    """Return the feature that prunes tables in the background, and by a command."""

    @click.command("prune")
    @report_errors
    async def command(settings: ProjectSettings) -> None:
        """Delete what has expired; the application does so by itself now and then."""
        async with open_sessions(settings) as sessions:
            await prune(sessions, tables, settings)
        click.echo("Deleted what has expired.")

    def lifespan(app: FastAPI, settings: Any) -> AbstractAsyncContextManager[None]:
        work = partial(prune, app.state.sessions, tables, settings)
        return in_background(work, PRUNE_INTERVAL, "pruning_failed")

    return Feature(commands=[command], lifespan=lifespan)
