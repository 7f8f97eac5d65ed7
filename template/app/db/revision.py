"""Compares the schema of the database with the migrations that this code knows."""

from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import dialect

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


class SchemaError(Exception):
    """The database does not have the schema that this code was written for."""


def expected_revision() -> str | None:
    """Give the newest migration; `None` if there is no migration yet."""
    return ScriptDirectory.from_config(Config(toml_file=PYPROJECT)).get_current_head()


async def check_schema(engine: AsyncEngine, expected: str | None) -> None:
    """Make sure that the database answers and is migrated.

    Raises:
        SchemaError: If it is at another revision: run the migrations.
    """
    async with engine.execution_options(**dialect.READING).connect() as connection:
        # Alembic's own way writes two lines into the log for every probe.
        current = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    if current != expected:
        raise SchemaError(f"The database is at revision {current}, the code at {expected}.")
