"""Keys results by content: what changes a file's verdict changes its key."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import cache

from tests.suites.plan import Task
from tests.support.overlay import BOOT, PROOFS
from tests.support.questions import ROOT


def keys(task: Task, versions: list[str]) -> dict[str, str]:
    """A key for each test file of a task.

    It changes with the file, with the other files of tests that are no tests themselves, with
    whatever else of the project a test can see, with the versions of the servers, of Python and of
    the packages.
    """
    place = (platform.python_version(), *versions, lock(), task.kind, str(task.is_measured))
    around = (task.project.surroundings, *place)
    sources = task.project.python("tests") if task.kind == "suite" else overlay()
    helpers = {path: text for path, text in sources.items() if not is_test(path)}
    common = digest({"around": repr(around), **helpers})
    return {path: digest({"common": common, path: sources[path]}) for path in task.files}


def is_test(path: str) -> bool:
    """Tell whether a file holds tests, not what tests use."""
    return path.rsplit("/", 1)[-1].startswith("test_")


def digest(texts: Mapping[str, str]) -> str:
    """The digest of texts and their names."""
    found = hashlib.sha256()
    for name, text in sorted(texts.items()):
        found.update(f"{name}\0{text}\0".encode())
    return found.hexdigest()[:32]


@cache
def overlay() -> Mapping[str, str]:
    """The files of proofs, by their paths in a project."""
    paths = [path for path in PROOFS.rglob("*") if path.suffix in {".py", ".toml"}]
    found = {f"proofs/{path.relative_to(PROOFS).as_posix()}": path.read_text() for path in paths}
    return found | {BOOT: found["proofs/boot.py"]}


@cache
def lock() -> str:
    """The digest of our lock."""
    return hashlib.sha256((ROOT / "uv.lock").read_bytes()).hexdigest()
