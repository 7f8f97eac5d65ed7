"""Management commands."""

import asyncio
import json
import signal
import sys

import click
import uvicorn
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import load_settings
from app.core.logging import configure_logging
from app.core.server import ServerProtocol
from app.db import dialect
from app.main import create_app
from app.seed import plant


@click.group()
def cli() -> None:
    """Manage the application."""


@cli.command()
@click.option("--reload", is_flag=True, help="Restart when a file changes.")
def serve(*, reload: bool) -> None:
    """Serve the API."""
    settings = load_settings()
    configure_logging(settings.log_level, json=settings.log_as_json)
    server = settings.server
    # When it has shut down, uvicorn raises the signal again: an ordered end is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "app.main:app",
        http=ServerProtocol,
        ws="none",
        host=server.host,
        port=server.port,
        workers=None if reload else server.workers,
        reload=reload,
        reload_dirs=["app"] if reload else None,
        log_config=None,
        access_log=False,
        server_header=False,
        # Whom to believe is decided by HTTP__TRUSTED_PROXIES alone.
        proxy_headers=False,
        timeout_keep_alive=round(server.keep_alive),
        timeout_graceful_shutdown=round(server.graceful_timeout),
    )


@cli.command()
def openapi() -> None:
    """Print the OpenAPI document, for generating clients."""
    click.echo(json.dumps(create_app(load_settings()).openapi(), indent=2))


@cli.command()
def seed() -> None:
    """Fill the database with sample data; what is already there stays."""
    click.echo(f"Added {asyncio.run(plant_samples())} items.")


async def plant_samples() -> int:
    """Plant the samples in one transaction of their own."""
    settings = load_settings()
    engine = dialect.create_engine(settings.database_url.get_secret_value(), settings.database)
    try:
        async with AsyncSession(engine) as session, session.begin():
            return await plant(session)
    finally:
        await engine.dispose()
