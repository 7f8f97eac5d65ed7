"""The calls that docs/api.md shows, over a real port."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import httpx2
import pytest
import requests
import uvicorn

from app.config import Settings
from app.main import create_app
from tests.fixtures.app import Operations
from tests.fixtures.commands import Run

GUIDE = (Path(__file__).parents[1] / "docs" / "api.md").read_text()


@pytest.fixture(scope="module")
def port(
    command_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    """Serve the API in a thread and an empty folder, and return its port."""
    served = command_settings.model_copy(update={"environment": "development"})
    server = uvicorn.Server(uvicorn.Config(create_app(served), port=0, log_config=None))
    thread = Thread(target=server.run)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("server"))
        thread.start()
        while not server.started:
            assert thread.is_alive()
            sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
        server.should_exit = True
        thread.join()


def test_a_running_server_is_healthy(port: int, run: Run) -> None:
    result = run("health", "--port", str(port))
    assert (result.exit_code, result.output) == (0, "healthy\n")


def blocks(client: str) -> str:
    """Return what is to be run in the section of a client."""
    section = GUIDE.split(f"\n## {client}\n")[1].split("\n## ")[0]
    return "\n".join(re.findall(r"(?ms)^```\w+\n(.*?)^```", section))


@pytest.mark.parametrize("client", ["httpx2", "requests"])
def test_the_calls_of_a_client_work_from_top_to_bottom(port: int, client: str) -> None:
    code = blocks(client).replace(":8000", f":{port}")
    variables: dict[str, Any] = {"__name__": client}
    exec(compile(code, client, "exec"), variables)  # noqa: S102
    for value in list(variables.values()):
        if isinstance(value, httpx2.Client | requests.Session):
            value.close()


async def test_every_path_of_the_guide_is_one_of_the_api(
    operations: Operations,
) -> None:
    paths = {name.split()[1].removeprefix("/api/v1") for name in operations}
    known = {re.sub(r"{\w+}", "", path).rstrip("/") for path in paths}
    shown = set(re.findall(r'(?:api|mine|",) "?(/[a-z0-9/-]+)', GUIDE))
    assert {path.rstrip("/") for path in shown} <= known
