"""Finds the Pythons of this machine, as uv does."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache

from uv import find_uv_bin

NEWEST_FIRST = ("3.14", "3.13", "3.12", "3.11")


def environment() -> dict[str, str]:
    """Our environment without what would lead uv to our own project; pyenv shows all it has."""
    ours = {"VIRTUAL_ENV", "UV_RUN_RECURSION_DEPTH", "PYTHONPATH"}
    found = {key: value for key, value in os.environ.items() if key not in ours}
    if shutil.which("pyenv"):
        ran = subprocess.run(
            ["pyenv", "versions", "--bare"], capture_output=True, text=True, check=True
        )
        found["PYENV_VERSION"] = ":".join(ran.stdout.split())
    return found


@cache
def find(version: str) -> str | None:
    """The path of a Python of this version, if uv finds one without a download."""
    command = [find_uv_bin(), "python", "find", "--system", "--no-python-downloads", version]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    return ran.stdout.strip() or None if ran.returncode == 0 else None


def found() -> list[str]:
    """The versions that are there."""
    return [version for version in NEWEST_FIRST if find(version)]
