"""The project in its repository: what it holds, and how an update comes into it."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from tools.resources.errors import RefusalError

NAMES = ("-c", "core.quotePath=off")


def run_git(
    *words: str | Path, check: bool = False, given: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run git, perhaps with something to read."""
    return subprocess.run(
        ["git", *NAMES, *words],
        check=check,
        capture_output=True,
        text=True,
        encoding="utf-8",
        input=given,
    )


def git(*words: str | Path, check: bool = True, given: str | None = None) -> str:
    """Run git and give what it prints."""
    return run_git(*words, check=check, given=given).stdout


def lines(*words: str) -> list[str]:
    """Run git and give the lines that it prints, each once."""
    return sorted(set(git(*words).splitlines()))


def require_clean() -> None:
    """Stop unless everything is committed.

    Raises:
        RefusalError: If something is not, or there is no repository.
    """
    try:
        changed = git("status", "--porcelain", "--", ".")
        git("rev-parse", "--verify", "HEAD")
    except (OSError, subprocess.CalledProcessError) as error:
        raise RefusalError("Commit the project to a git repository first.") from error
    if changed:
        raise RefusalError(
            "Commit or stash your changes first: a resource is a change of its own."
        )


def restore() -> None:
    """Undo all changes since the last commit; before, there was none."""
    git("restore", "--source=HEAD", "--staged", "--worktree", "--", ".")
    git("clean", "--quiet", "--force", "-d", "--", ".")


def conflicts() -> list[str]:
    """Name the files in which both sides changed the same lines."""
    rejected = git("ls-files", "--others", "--exclude-standard", "*.rej").splitlines()
    unmerged = git("diff", "--name-only", "--diff-filter=U", "--relative").splitlines()
    return sorted({*rejected, *unmerged})


def new_files() -> list[str]:
    """Name the files that are not committed."""
    return lines("ls-files", "--others", "--exclude-standard")


def changed_files() -> list[str]:
    """Name the files that are not as they were committed."""
    return lines("diff", "--name-only", "--diff-filter=d", "--relative", "HEAD")


def edited(paths: Iterable[str], former: dict[str, bytes]) -> list[str]:
    """Choose the files that are not as the template wrote them."""
    return [path for path in paths if Path(path).read_bytes() != former[path]]


def difference(former: Path, future: Path) -> str:
    """Show what changed between two files that are not in the repository."""
    return git("diff", "--no-index", former, future, check=False)
