"""The database, for one command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.config import Settings
from app.core.logging import configure_logging
from app.db.session import open_engine


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[async_sessionmaker[AsyncSession]]:
    """Connect to the database for one command."""
    configure_logging(settings.log_level, json=settings.log_as_json)
    url = settings.database_url.get_secret_value()
    async with open_engine(url, settings.database) as engine:
        yield async_sessionmaker(engine, expire_on_commit=False)
