"""Brings what differs between two renderings into the project, beside its own lines."""

import shutil
from contextlib import suppress
from pathlib import Path

from tools.resources.errors import RefusalError
from tools.resources.plan import Plan
from tools.resources.project import git, restore, run_git
from tools.resources.rendering import ANSWERS, sentence

LABELS = ("before updating", "last update", "after updating")
"""What marks the sides of a conflict, as an update does."""

FAILED = 128
"""Below it, the status of `git merge-file` is the number of conflicts."""


def update(plan: Plan) -> None:
    """Change the project as the plan says.

    Raises:
        RefusalError: If it fails; then everything is as it was before.
    """
    try:
        for path in plan.gone:
            remove(Path(path))
        for path in (*plan.new, ANSWERS):
            copy(plan, path)
        for path in plan.changed:
            merge(plan, path)
    except BaseException as error:
        restore()
        if not isinstance(error, Exception):
            raise
        reason = sentence(error) or type(error).__name__
        raise RefusalError(
            f"The update failed, and all is as it was before: {reason}"
        ) from error


def remove(file: Path) -> None:
    """Delete a file, and the folders that are empty without it."""
    file.unlink()
    with suppress(OSError):
        for folder in file.parents:
            folder.rmdir()


def copy(plan: Plan, path: str) -> None:
    """Write a file as the template does."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(plan.future.root / path, path)


def merge(plan: Plan, path: str) -> None:
    """Change a file in the lines that the owner has left alone.

    Raises:
        RuntimeError: If git cannot.
    """
    if Path(path).read_bytes() == plan.former.files[path]:
        copy(plan, path)
        return
    former, future = plan.former.root / path, plan.future.root / path
    labels = [word for label in LABELS for word in ("-L", label)]
    done = run_git("merge-file", *labels, "--", path, former, future)
    if not 0 <= done.returncode < FAILED:
        raise RuntimeError(done.stderr.strip())
    if done.returncode:
        mark(path, former, future)


def mark(path: str, former: Path, future: Path) -> None:
    """Have git know that a file has conflicts: the index gets all its sides."""
    found, name = git("ls-files", "--stage", "--full-name", "--", path).split("\t")
    mode, mine, _ = found.split()
    sides = [git("hash-object", "-w", "--", one).strip() for one in (former, future)]
    entries = [f"0 {'0' * len(mine)}\t{name.strip()}"]
    for stage, blob in ((1, sides[0]), (2, mine), (3, sides[1])):
        entries.append(f"{mode} {blob} {stage}\t{name.strip()}")
    git("update-index", "--index-info", given="\n".join(entries))
