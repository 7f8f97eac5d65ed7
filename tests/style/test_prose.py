"""Comments in rendered projects are reasons, and few."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.style.code import comments
from tests.support.project import Project

COMMENTS_PER_100_LINES = 3
BANNER = re.compile(r"#\s*[-=#*~_]{3,}")
PLAIN_DATA = (".yml", ".yaml", ".toml", "justfile", ".ini", ".example")


def test_comments_are_few(measured: Project) -> None:
    lines = sum(len(text.splitlines()) for text in measured.python().values())
    found = sum(len(comments(text)) for text in measured.python().values())
    assert found * 100 <= COMMENTS_PER_100_LINES * lines


def test_there_is_no_banner(measured: Project) -> None:
    texts = measured.texts.items()
    commented = {n: t for n, t in texts if n.endswith(PLAIN_DATA) or n.endswith(".py")}
    found = [
        (n, line) for n, t in commented.items() for line in t.splitlines() if BANNER.search(line)
    ]
    assert found == []


def test_there_is_no_commented_code_and_no_todo(measured: Project) -> None:
    options = ["--isolated", "--no-cache", "--select", "ERA,TD,FIX", "--output-format", "concise"]
    command = [sys.executable, "-m", "ruff", "check", *options, *measured.python()]
    ran = subprocess.run(command, cwd=measured.root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
