"""The command that adds sample data."""

import asyncio

import click
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import load_settings
from app.db.session import open_engine
from app.seed import plant


@click.command()
def seed() -> None:
    """Fill empty tables with sample data; what is already there stays."""
    click.echo(f"Added {asyncio.run(plant_samples())} samples.")


async def plant_samples() -> int:
    """Plant the samples in one transaction of their own."""
    settings = load_settings()
    url = settings.database_url.get_secret_value()
    async with (
        open_engine(url, settings.database) as engine,
        AsyncSession(engine) as session,
        session.begin(),
    ):
        return await plant(session)
