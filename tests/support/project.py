"""A rendered project, as the checks see it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from tests.matrix import Combination

SECRET = ".env"
"""The only file that differs between two renderings of the same answers."""

UNSEEN = frozenset(
    {
        SECRET,
        ".copier-answers.yml",
        ".dockerignore",
        ".env.example",
        ".github",
        ".gitignore",
        ".gitlab-ci.yml",
        ".pre-commit-config.yaml",
        "CHANGELOG.md",
        "Caddyfile",
        "CONTRIBUTING.md",
        "Dockerfile",
        "LICENSE",
        "README.md",
        "compose.production.yaml",
        "compose.yaml",
        "docs/decisions",
        "docs/deployment.md",
        "justfile",
        "tools/delivery.just",
        "tools/secrets.sh",
    }
)
"""Files and folders that no suite reads; a check looks for their names in the suites."""

LABELS = frozenset({"name", "description", "authors", "license", "license-files", "classifiers"})
"""Entries of `[project]` that change nothing but what the package index shows."""

LICENSE = re.compile(r"(?m)^ *license_info=.*\n")
"""What the documentation says of it, in `app/main.py`."""


@dataclass(frozen=True)
class Project:
    """The files of one rendered combination."""

    combination: Combination
    root: Path

    @cached_property
    def files(self) -> dict[str, bytes]:
        """All files, by path, without what a tool left behind."""
        paths = sorted(path for path in self.root.rglob("*") if path.is_file())
        names = {path.relative_to(self.root).as_posix(): path for path in paths}
        return {
            name: _once(path.read_bytes()) for name, path in names.items() if not _is_litter(name)
        }

    @cached_property
    def texts(self) -> dict[str, str]:
        """The content of each text file, by path."""
        return {name: _decoded(raw) for name, raw in self.files.items() if b"\0" not in raw}

    @cached_property
    def pyproject(self) -> dict[str, Any]:
        """The project's own `pyproject.toml`."""
        return tomllib.loads(self.texts["pyproject.toml"])

    def python(self, folder: str = "") -> dict[str, str]:
        """The Python files below a folder, by path."""
        found = self.texts.items()
        return {
            name: text
            for name, text in found
            if name.endswith(".py") and (not folder or name.startswith(f"{folder}/"))
        }

    @cached_property
    def fingerprint(self) -> str:
        """Equal for projects whose suites would do the same: one of them is run.

        It is taken over all files but those that no suite sees, and over `pyproject.toml` and
        `app/main.py` without their labels.
        """
        return self._digest("")

    @cached_property
    def surroundings(self) -> str:
        """The fingerprint without the tests: what one file of them can see besides them."""
        return self._digest("tests/")

    def _digest(self, left_out: str) -> str:
        digest = hashlib.sha256()
        for name, text in self.texts.items():
            is_out = bool(left_out) and name.startswith(left_out)
            if name != "pyproject.toml" and not is_unseen(name) and not is_out:
                seen = LICENSE.sub("", text) if name == "app/main.py" else text
                digest.update(f"{name}\0{seen}\0".encode())
        digest.update(repr(sorted(_behaviour(self.pyproject).items())).encode())
        return digest.hexdigest()[:16]


@cache
def _once(raw: bytes) -> bytes:
    # Most files of most projects are equal: each content is kept, and compared, once.
    return raw


@cache
def _decoded(raw: bytes) -> str:
    return raw.decode()


def is_unseen(name: str) -> bool:
    """Tell whether a project's suite never reads this file."""
    return any(name == one or name.startswith(f"{one}/") for one in UNSEEN)


def _behaviour(pyproject: dict[str, Any]) -> dict[str, Any]:
    project = {key: value for key, value in pyproject["project"].items() if key not in LABELS}
    return {**pyproject, "project": project}


def _is_litter(name: str) -> bool:
    return "__pycache__" in name or name.split("/")[0] in {".mypy_cache", ".ruff_cache", ".git"}
