"""Photographs pages with a headless browser."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=10000",
)
"""It talks to nobody but the page, and takes the picture when the page has come to rest."""

SECONDS = 120


def photograph(address: str, picture: Path, width: int, height: int) -> None:
    """Write what a window of this size shows of a page."""
    with TemporaryDirectory() as profile:
        words = [
            find(),
            *OPTIONS,
            f"--user-data-dir={profile}",
            f"--window-size={width},{height}",
            f"--screenshot={picture}",
            address,
        ]
        subprocess.run(words, check=True, capture_output=True, timeout=SECONDS)


def find() -> str:
    """Give the browser's path, or say how it is installed, and the font for what Copier draws."""
    found = shutil.which("chromium")
    if found is None:
        sys.exit(
            "Install chromium: apt-get install -y chromium fonts-dejavu fonts-noto-color-emoji"
        )
    return found
