"""The corners: which project is installed on which Python, with which dependencies."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from uv import find_uv_bin

from tests.installed import pythons
from tests.matrix import Combination, headline
from tests.suites.lanes import NICENESS

MINUTES = 10


@dataclass(frozen=True)
class Corner:
    """One project that is installed for real."""

    database: str
    python: str
    resolution: str = "highest"
    auth: str = "jwt"
    verb: str = "test"

    @property
    def id(self) -> str:
        """Its name in the test's id."""
        lowest = "" if self.resolution == "highest" else f"-{self.resolution}"
        return f"{self.database}-{self.auth}-{self.python}{lowest}"

    @property
    def combination(self) -> Combination:
        """The answers."""
        return headline(database=self.database, auth=self.auth)


CORNERS = [
    Corner("sqlite", pythons.found()[0], verb="check"),
    Corner("postgresql", "3.11", "lowest-direct", auth="session"),
]
"""The newest Python with the newest packages, and the oldest with the lowest."""


@dataclass(frozen=True)
class Outcome:
    """What the owner's commands said."""

    code: int
    output: str
    seconds: float


def use(root: Path, corner: Corner, environment: dict[str, str]) -> tuple[int, str]:
    """Do what the README says, each step in the project's own environment, until one fails."""
    settings = (
        pythons.environment()
        | environment
        | {
            "UV_PYTHON": pythons.find(corner.python) or corner.python,
            "UV_RESOLUTION": corner.resolution,
            "UV_PYTHON_DOWNLOADS": "never",
        }
    )
    said = ""
    for words in (["just", "setup"], ["just", corner.verb]):
        ran = subprocess.run(
            ["nice", "-n", str(NICENESS), find_uv_bin(), "run", *words],
            cwd=root,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=MINUTES * 60,
            check=False,
        )
        said += f"$ uv run {' '.join(words)}\n{ran.stdout}"
        if ran.returncode:
            return ran.returncode, said
    return 0, said


def locked_version(root: Path, package: str) -> str:
    """The version of a package in the project's lock."""
    found = re.search(rf'name = "{package}"\nversion = "([^"]+)"', (root / "uv.lock").read_text())
    assert found, f"{package} is not locked"
    return found[1]
