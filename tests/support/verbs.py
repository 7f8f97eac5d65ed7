"""Runs a project's verbs with a stand-in for uv, which installs nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.support.ending import AT_END
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

CLIENT = f'"{sys.executable}" -I -S "{Path(__file__).with_name("client.py")}" "$WARM_COMMANDS"'
RUNS = f"""#!/bin/sh
case "$1 $2 $3" in
"tool run --from") shift 5; exec {CLIENT} copier "$@" ;;
"tool run "*) shift 3; exec {CLIENT} copier "$@" ;;
"run alembic "* | "run python -m") shift; exec {CLIENT} "$@" ;;
"run "*) shift; PATH="{TOOLS}:$PATH" exec "$@" ;;
esac
"""
"""The same, by a process that is warm: quicker, and nothing else."""

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


@cache
def warm_commands() -> str:
    """The address of a process that is warm, which ends with the tests."""
    return AT_END.enter_context(_serving())


@contextmanager
def _serving() -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        address = f"{folder}/socket"
        command = [sys.executable, "-P", "-m", "tests.support.warm_commands", address]
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
        ) as process:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            yield address


def environment(uv: Path) -> dict[str, str]:
    """What a verb sees."""
    warm = {"WARM_COMMANDS": warm_commands()} if uv.read_text() == RUNS else {}
    return {**os.environ, "UV": str(uv), **warm}


def run_verb(project: Path, uv: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Call `just` with these words, in a project."""
    return subprocess.run(
        [TOOLS / "just", *words],
        cwd=project,
        env=environment(uv),
        check=False,
        capture_output=True,
        text=True,
    )
