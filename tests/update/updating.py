"""Updates projects and looks at what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from copier import run_update

OWNED = (".git/", ".env", "uv.lock", "migrations/versions/")
"""What belongs to the project alone, or is no content."""

Files = dict[str, tuple[bytes, int]]
"""Bytes and mode, by path."""


def update(project: Path, **data: Any) -> None:
    """Run `copier update` with changed answers, untrusted as for a user."""
    run_update(project, data, defaults=True, overwrite=True, quiet=True, unsafe=False)


def content(project: Path) -> Files:
    """Bytes and mode of every file that an update answers for, by its path."""
    files = {file.relative_to(project).as_posix(): file for file in project.rglob("*")}
    return {
        name: (file.read_bytes(), file.stat().st_mode)
        for name, file in sorted(files.items())
        if file.is_file() and not name.startswith(OWNED)
    }


def replace(file: Path, old: str, new: str) -> None:
    """Edit a file as its owner would; the old text must be there."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
