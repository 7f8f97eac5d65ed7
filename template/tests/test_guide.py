"""The calls that docs/api.md shows."""

import re
from pathlib import Path
from typing import Any

import httpx2
import pytest
import requests

from tests.fixtures.app import Operations
from tests.fixtures.server import Server

GUIDE = (Path(__file__).parents[1] / "docs" / "api.md").read_text()


def blocks(client: str) -> str:
    """Return what is to be run in the section of a client."""
    section = GUIDE.split(f"\n## {client}\n")[1].split("\n## ")[0]
    return "\n".join(re.findall(r"(?ms)^```\w+\n(.*?)^```", section))


@pytest.mark.parametrize("client", ["httpx2", "requests"])
def test_the_calls_of_a_client_work_from_top_to_bottom(
    server: Server, monkeypatch: pytest.MonkeyPatch, client: str
) -> None:
    monkeypatch.chdir(server.mail.parents[1])
    code = blocks(client).replace(":8000", f":{server.port}")
    variables: dict[str, Any] = {"__name__": client}
    exec(compile(code, client, "exec"), variables)  # noqa: S102
    for value in list(variables.values()):
        if isinstance(value, httpx2.Client | requests.Session):
            value.close()


def test_every_path_of_the_guide_is_one_of_the_api(operations: Operations) -> None:
    paths = {name.split()[1].removeprefix("/api/v1") for name in operations}
    known = {re.sub(r"{\w+}", "", path).rstrip("/") for path in paths}
    shown = set(re.findall(r'(?:api|mine|",) "?(/[a-z/-]+)', GUIDE))
    assert {path.rstrip("/") for path in shown} <= known
