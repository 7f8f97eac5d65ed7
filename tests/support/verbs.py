"""Runs a project's verbs with a stand-in for uv, which installs nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.questions import ROOT

TOOLS = Path(sys.executable).parent
STOCK = f"""#!/bin/sh
case "$1 $2 $3" in
"tool run --from") shift 5; exec "{sys.executable}" "$@" ;;
"tool run "*) shift 3; exec "{sys.executable}" -m copier "$@" ;;
"run "*) shift; PATH="{TOOLS}:$PATH" exec "$@" ;;
esac
"""
"""Takes Copier, and whatever else is called for, from the environment of these tests."""

QUICK = f'env PYTHONPATH="{ROOT}" "{sys.executable}" -P -m tests.support.quick_copier'
RUNS = STOCK.replace(f'"{sys.executable}" -m copier', QUICK).replace(
    f'shift 5; exec "{sys.executable}"', f"shift 5; exec {QUICK}"
)
"""The same, but that Copier is quicker; what it writes is the same."""

TELLS = """#!/bin/sh
printf '<%s>' "$@"
"""
"""Shows the words that it was called with."""


def stand_in(folder: Path, script: str) -> Path:
    """Write a program that is called in the place of uv."""
    program = folder / "a uv"
    program.write_text(script)
    program.chmod(0o755)
    return program


def run_verb(project: Path, uv: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Call `just` with these words, in a project."""
    return subprocess.run(
        [TOOLS / "just", *words],
        cwd=project,
        env={**os.environ, "UV": str(uv)},
        check=False,
        capture_output=True,
        text=True,
    )
