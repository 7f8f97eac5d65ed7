"""The engine and its sessions, open for as long as the application runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from app.db import dialect
from app.db.revision import check_schema, expected_revision


@asynccontextmanager
async def open_engine(url: str, settings: dialect.DatabaseSettings) -> AsyncIterator[AsyncEngine]:
    """Keep an engine usable; close all its connections at the end."""
    engine = dialect.create_engine(url, settings)
    try:
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def open_database(
    app: FastAPI, url: str, settings: dialect.DatabaseSettings
) -> AsyncIterator[None]:
    """Keep `app.state.engine` and `app.state.sessions` usable; close all connections at the end.

    Nothing is connected yet: an application without its database starts, and says so in
    `/health/ready`.
    """
    async with open_engine(url, settings) as engine:
        app.state.engine = engine
        app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        app.state.readiness_checks["database"] = partial(check_schema, engine, expected_revision())
        yield
