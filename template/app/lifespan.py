"""What is opened when the application starts, and closed when it ends."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from app.config import Settings
from app.db.session import open_database
from app.features import FEATURES


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold everything open while requests are served."""
    settings: Settings = app.state.settings
    app.state.readiness_checks = {}
    async with AsyncExitStack() as stack:
        url = settings.database_url.get_secret_value()
        await stack.enter_async_context(open_database(app, url, settings.database))
        for feature in FEATURES:
            await stack.enter_async_context(feature.lifespan(app, settings))
        yield
