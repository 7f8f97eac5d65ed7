"""Runs migrations against the database of the settings, one process at a time."""

import asyncio
from contextlib import AsyncExitStack
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.util import CommandError
from sqlalchemy import JSON, Connection, String, Time, TypeDecorator
from sqlalchemy.exc import DBAPIError

import app.features
import app.models  # noqa: F401  (both register their tables)
from app.config import Settings, load_settings
from app.core.http.errors import describe_unreachable
from app.core.logging import configure_logging
from app.db import dialect
from app.db.base import Base, UTCDateTime
from migrations.choices import find_odd
from migrations.directives import arrange
from migrations.ours import is_ours
from migrations.patience import patiently, retry_statements
from migrations.refusals import describe_refusal
from migrations.values import Microseconds, plain


def render_item(
    kind: str, item: object, autogenerate: AutogenContext
) -> str | Literal[False]:
    """Write our own column types so that the migration imports them."""
    if kind == "type" and isinstance(item, UTCDateTime):
        autogenerate.imports.add("from app.db.base import UTCDateTime")
        return "UTCDateTime()"
    if kind == "type" and isinstance(item, TypeDecorator):
        stored = item.impl_instance
        if isinstance(plain(item), Microseconds):
            autogenerate.imports.add("from migrations.values import Microseconds")
            return "Microseconds()"
        if isinstance(stored, Time):
            return "sa.Time()"
        if isinstance(stored, JSON):
            return "sa.JSON()"
        return f"sa.String({stored.length})" if isinstance(stored, String) else False
    return False


def migrate(connection: Connection) -> None:
    """Do what `alembic` was asked for; others that migrate wait meanwhile."""
    dialect.lock_migrations(connection)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=True,
        render_as_batch=True,
        render_item=render_item,
        include_object=is_ours,
        process_revision_directives=arrange,
        autogenerate_plugins=[
            "alembic.autogenerate.*",
            "alembic.ext.checkconstraint_byname",
        ],
    )
    if not context.get_context().impl.transactional_ddl:
        retry_statements(connection)
    try:
        with context.begin_transaction():
            context.run_migrations()
            refuse_odd(connection)
    except (CommandError, RuntimeError) as error:
        raise SystemExit(describe_refusal(error)) from None
    connection.commit()


def refuse_odd(connection: Connection) -> None:
    """Refuse rows to which the newest migration should have given another value.

    Raises:
        RuntimeError: If there are some after an upgrade.
    """
    migration = context.get_context()
    if migration.opts["fn"].__name__ != "upgrade":
        return
    if set(context.script.get_heads()) == set(migration.get_current_heads()):
        for odd in find_odd(connection, Base.metadata):
            raise RuntimeError(
                f"{odd}: `uv run just makemigration` asks what they get."
            )


async def run(settings: Settings) -> None:
    """Connect, and migrate; where there is no database, end with a sentence."""
    url = settings.database_url.get_secret_value()
    engine = dialect.create_engine(url, settings.database.for_migrations())

    async def once() -> None:
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(engine.connect())
            except (DBAPIError, OSError) as error:
                raise SystemExit(describe_unreachable(error)) from None
            await connection.run_sync(migrate)

    try:
        await patiently(once)
    finally:
        await engine.dispose()


def main() -> None:
    """Take the settings from the caller (a test), or from the environment."""
    settings = context.config.attributes.get("settings")
    if settings is None:
        settings = load_settings()
        configure_logging(settings.log_level, json=settings.log_as_json)
    asyncio.run(run(settings))


main()
