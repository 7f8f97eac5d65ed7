"""Makes what a fresh clone has not: the git repository, `.env`, the commit hook."""

import re
import secrets
import subprocess
from pathlib import Path

HOOK = """\
#!/bin/sh
# Made by `just setup`; each worktree is checked in an environment of its own.
exec uv run pre-commit run
"""


def git(*words: str) -> str:
    """Run git and give what it prints; nothing if it fails."""
    done = subprocess.run(
        ["git", *words], check=False, capture_output=True, text=True, encoding="utf-8"
    )
    return done.stdout.strip()


def make_env() -> None:
    """Make `.env` with a secret of its own, for its owner's eyes only."""
    path = Path(".env")
    if not path.exists():
        example = Path(".env.example").read_text(encoding="utf-8")
        key = f"SECRET_KEY={secrets.token_hex(32)}"
        text = re.sub("^SECRET_KEY=.*", key, example, flags=re.MULTILINE)
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8", newline="\n")
    path.chmod(0o600)


def install_hook() -> None:
    """Check each commit, where that concerns nothing but this project."""
    hook = Path(git("rev-parse", "--git-path", "hooks/pre-commit"))
    present = hook.read_bytes() if hook.exists() else b""
    if b"pre-commit" in present or b"just lint" in present:
        return
    folder = git("rev-parse", "--show-prefix")
    if folder:
        reason = "This project is a folder of a larger repository"
    elif git("config", "core.hooksPath"):
        reason = "Git takes its hooks from core.hooksPath"
    elif hook.exists():
        reason = "There is a commit hook already"
    else:
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(HOOK, encoding="utf-8", newline="\n")
        hook.chmod(0o755)
        return
    command = f"(cd {folder} && uv run just lint)" if folder else "uv run just lint"
    print(
        f"{reason}, so no hook is installed. To check this project at each commit, "
        f"add to the repository's pre-commit hook: {command}"
    )


if __name__ == "__main__":
    if not git("rev-parse", "--git-dir"):
        subprocess.run(["git", "init", "-q", "--initial-branch", "main"], check=True)
    make_env()
    install_hook()
