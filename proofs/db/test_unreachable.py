"""A server that is not there, or a database that it does not have."""

from collections.abc import Callable

import httpx2
import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy import URL, make_url

from app.cli import cli
from app.config import Settings
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
