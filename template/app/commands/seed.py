"""The command that adds sample data."""

import asyncio

import click
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import load_settings
from app.db import dialect
from app.seed import plant


@click.command()
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
