"""What docs/api.md shows works as it stands."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from app.config import Settings
from tests.fixtures.database import alembic
from tests.fixtures.process import FOLDER, start_in, variables

GUIDE = (FOLDER / "docs" / "api.md").read_text()
SHELL, PYTHON = ("sh", "-eu"), (sys.executable, "-W", "error")
Clients = dict[str, subprocess.Popen[str]]

CLIENTS = {"curl": SHELL, "httpx2": PYTHON, "requests": PYTHON}


@pytest.fixture(scope="module")
def clients(
    settings: Settings,
    feature_settings: dict[str, Any],
    make_database: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Clients]:
    """Serve the API, as in development, and run the blocks of all clients at once."""
    folder = tmp_path_factory.mktemp("guide")
    fresh = Settings(**settings.model_dump() | {"database_url": make_database()})
    alembic(fresh, "upgrade", "head")
    own = {
        "ENVIRONMENT": "development",
        "SERVER__PORT": "0",
        **variables(feature_settings),
    }
    with ExitStack() as stack:
        server = stack.enter_context(start_in(folder, fresh, "app", "serve", **own))
        stack.callback(server.kill)
        started = next(
            line for line in server.stdout or () if "Uvicorn running" in line
        )
        port = re.findall(r":(\d+)", json.loads(started)["event"])[0]
        running = {}
        for client, command in CLIENTS.items():
            (folder / client).write_text(
                "\n".join(blocks(client)).replace(":8000", f":{port}")
            )
            running[client] = stack.enter_context(
                subprocess.Popen(  # noqa: S603
                    [*command, client],
                    cwd=folder,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                )
            )
        yield running


def blocks(client: str) -> list[str]:
    """Give what is to be run in the section of a client."""
    section = GUIDE.split(f"\n## {client}\n")[1].split("\n## ")[0]
    return re.findall(r"(?ms)^```\w+\n(.*?)^```", section)


def test_every_section_is_that_of_a_client() -> None:
    assert re.findall(r"(?m)^## (.*)", GUIDE) == list(CLIENTS)
    assert sum(len(blocks(client)) for client in CLIENTS) == len(
        re.findall(r"(?m)^```\w", GUIDE)
    )


@pytest.mark.parametrize("client", CLIENTS)
def test_the_blocks_of_a_client_run_from_top_to_bottom(
    clients: Clients, client: str
) -> None:
    output, _ = clients[client].communicate(timeout=60)
    assert clients[client].returncode == 0, output
