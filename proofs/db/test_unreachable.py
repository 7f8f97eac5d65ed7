"""A server that is not there, or a database that it does not have."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.cli import cli
from app.config import Settings
from app.db import dialect
from app.db.violations import Outage
from proofs.fixtures.database import alembic

SENTENCE = "The database cannot be reached: is it running, and is DATABASE_URL right? ("


def missing_database(url: URL) -> URL:
    return url.set(database="nowhere")


def missing_server(url: URL) -> URL:
    return url.set(host="127.0.0.1", port=1, query={})


@pytest.mark.committed
async def test_a_host_without_a_route_is_an_outage_and_no_mistake(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(_pool: object) -> None:
        raise OSError(113, "No route to host")

    with monkeypatch.context() as patch:
        patch.setattr("app.db.server.AsyncAdaptedQueuePool.connect", connect)
        response = await client.get("/samples")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert "route" not in response.text


async def test_a_connection_that_breaks_without_a_code_is_an_outage(
    engine: AsyncEngine,
) -> None:
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        # As if the network were gone: of the two, only one driver can end it at once.
        driver: Any = raw.driver_connection
        getattr(driver, "terminate", driver.close)()
        await asyncio.sleep(0)
        with pytest.raises(DBAPIError) as caught:
            await connection.execute(text("SELECT 1"))
    assert dialect.find_outage(caught.value) is Outage.GONE


@pytest.mark.usefixtures("restored_logging")
@pytest.mark.parametrize("elsewhere", [missing_database, missing_server])
def test_a_sentence_says_what_to_look_at(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, elsewhere: Callable[[URL], URL]
) -> None:
    url = elsewhere(make_url(settings.database_url.get_secret_value()))
    nowhere = SecretStr(url.render_as_string(hide_password=False))
    with pytest.raises(SystemExit) as ended:
        alembic(
            settings.model_copy(update={"database_url": nowhere}), "upgrade", "head"
        )
    assert str(ended.value).startswith(SENTENCE)
    monkeypatch.setenv("ENVIRONMENT", "test")
    monkeypatch.setenv("SECRET_KEY", settings.secret_key.get_secret_value())
    monkeypatch.setenv("DATABASE_URL", nowhere.get_secret_value())
    result = CliRunner().invoke(cli, ["prune"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {SENTENCE}")
