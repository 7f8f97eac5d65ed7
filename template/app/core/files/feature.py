"""What files plug into the application."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import click
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.background import PRUNE_INTERVAL, in_background
from app.core.commands import open_sessions, report_errors
from app.core.feature import Feature
from app.core.files.store import FileStore
from app.core.files.stored import file_columns
from app.db.base import now

SPARED = timedelta(hours=2)
"""What is younger may be about to get its row."""

Sessions = async_sessionmaker[AsyncSession]


async def prune_files(sessions: Sessions, store: FileStore) -> int:
    """Delete contents that no row has any more; return how many those were."""
    deleted = 0
    for model, field, folder in file_columns():
        async for page in store.pages(folder):
            old = [key for key, written in page if written < now() - SPARED]
            async with sessions() as session:
                kept = await find_kept(session, model, field, old)
            for key in set(old) - kept:
                await store.delete(key)
                deleted += 1
    return deleted


async def find_kept(
    session: AsyncSession, model: type[Any], field: str, keys: Collection[str]
) -> set[str]:
    """Return the keys that rows have, those that are marked as deleted included.

    A key names its row: what is called otherwise is not ours, and is kept.
    """
    kind = model.id.type.python_type
    rows, kept = set[UUID | int](), set[str]()
    for key in keys:
        try:
            rows.add(kind(key.rpartition("/")[2].partition(".")[0]))
        except ValueError:
            kept.add(key)
    column = getattr(model, field)
    found = select(column).where(model.id.in_(rows), column.is_not(None))
    return kept | {one["key"] for one in (await session.scalars(found)).all()}


@click.command("prune-files")
@report_errors
async def prune_command(settings: Any) -> None:
    """Delete the content of files that no row has any more; done every hour, too."""
    async with open_sessions(settings) as sessions:
        deleted = await prune_files(sessions, FileStore(settings.files))
    click.echo(f"Deleted {deleted} files that no row has.")


@asynccontextmanager
async def keep_files(app: FastAPI, settings: Any) -> AsyncIterator[None]:
    """Keep `app.state.files` usable, and delete what no row has any more."""
    app.state.files = FileStore(settings.files)
    work = partial(prune_files, app.state.sessions, app.state.files)
    async with in_background(work, PRUNE_INTERVAL, "pruning_files_failed"):
        yield


def register(app: FastAPI, _settings: object) -> None:
    """Let pages of other origins name files, and read what they are called."""
    name = "Content-Disposition"
    app.state.allowed_headers = (name,)
    app.state.exposed_headers = (*getattr(app.state, "exposed_headers", ()), name)


FILES = Feature(register=register, lifespan=keep_files, commands=[prune_command])
