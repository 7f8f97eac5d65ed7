"""Brings what differs between two renderings into the project, beside its own lines."""

import shutil
from contextlib import suppress
from difflib import SequenceMatcher
from pathlib import Path

from tools.resources.errors import RefusalError
from tools.resources.names import Names
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


def move(path: str, new_path: str) -> None:
    """Have a file, and what may be done with it, elsewhere."""
    Path(new_path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, new_path)
    remove(Path(path))


def copy(plan: Plan, path: str) -> None:
    """Write a file as the template does."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(plan.future.root / path, path)


def merge(plan: Plan, path: str) -> None:
    """Change a file, perhaps its place too, in the lines that the owner left alone.

    Raises:
        RuntimeError: If git cannot.
    """
    new_path = plan.moved.get(path, path)
    mine, former = Path(path).read_bytes(), plan.former.files[path]
    if new_path != path:
        move(path, new_path)
    if mine == former:
        copy(plan, new_path)
    else:
        base, future = plan.former.root / path, plan.future.root / new_path
        if plan.names:
            sides = renamed(plan.names, former, mine, future.read_bytes())
            for file, side in zip((base, Path(new_path)), sides, strict=True):
                file.write_bytes("".join(side).encode(errors="surrogateescape"))
        labels = [word for label in LABELS for word in ("-L", label)]
        done = run_git("merge-file", *labels, "--", new_path, base, future)
        if not 0 <= done.returncode < FAILED:
            raise RuntimeError(done.stderr.strip())
        if done.returncode:
            mark(path, new_path, base, future)


def renamed(
    names: Names, former: bytes, owned: bytes, future: bytes
) -> tuple[list[str], list[str]]:
    """Have lines say new names where the owner left them alone, even beside an edit.

    Returns:
        The file as the template wrote it, and as the owner has it, both with as many
        lines of the file as it will be as there are without a conflict.
    """
    known, mine, new = split(former), split(owned), split(future)
    wanted = {*new} - {*known}
    found = [
        next((other for other in names.renamed(one) if other in wanted), one)
        for one in known
    ]
    blocks = SequenceMatcher(None, known, mine, autojunk=False).get_matching_blocks()
    changes = SequenceMatcher(None, found, new, autojunk=False).get_opcodes()
    for kind, start, end, first, last in changes:
        beside = int(kind == "insert")
        lower, upper = start - beside, end + beside
        if kind == "equal" or not any(
            at <= lower and upper <= at + size for at, _, size in blocks
        ):
            continue
        whole = "".join(new[first:last])
        if kind == "insert":
            found[start] = whole + found[start]
        else:
            found[start:end] = [whole, *[""] * (end - start - 1)]
    for there, here, size in blocks:
        mine[here : here + size] = found[there : there + size]
    return found, mine


def split(content: bytes) -> list[str]:
    """Return lines with their ends."""
    text = content.decode(errors="surrogateescape")
    return text.splitlines(keepends=True)


def mark(path: str, new_path: str, former: Path, future: Path) -> None:
    """Have git know that a file has conflicts: the index gets all its sides."""
    found, name = git("ls-files", "--stage", "--full-name", "--", path).split("\t")
    mode, mine, _ = found.split()
    name = name.strip().removesuffix(path) + new_path
    sides = [git("hash-object", "-w", "--", one).strip() for one in (former, future)]
    entries = [f"0 {'0' * len(mine)}\t{name}"]
    for stage, blob in ((1, sides[0]), (2, mine), (3, sides[1])):
        entries.append(f"{mode} {blob} {stage}\t{name}")
    git("update-index", "--index-info", given="\n".join(entries))
