"""Makes throw-away copies of the template as it stands in the working tree."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("copier.yml", "questions", "extensions", "template")
IDENTITY = ("-c", "user.name=Tester", "-c", "user.email=tester@example.com")
UNDISTURBED = ("-c", "core.hooksPath=", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints."""
    command = ["git", *IDENTITY, *UNDISTURBED, *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def copy_template(target: Path) -> Path:
    """Copy what makes the template, whether it is committed or not."""
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *PARTS)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    return target


def commit_all(folder: Path, tag: str = "") -> None:
    """Commit everything in a folder, which becomes a repository if it is none; perhaps tag it."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", tag or "Work")
    if tag:
        git(folder, "tag", tag)
