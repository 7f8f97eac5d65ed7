"""`just setup` in a clone: where a commit hook is right, and where it is not."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.render import render

UNDISTURBED = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
HOOK = Path(".git/hooks/pre-commit")


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, env=os.environ | UNDISTURBED)


def set_up(root: Path) -> str:
    """Run what the verb runs, after the environment is made, and return what it says."""
    command = [sys.executable, "-m", "tools.setup"]
    done = subprocess.run(
        command, cwd=root, check=True, capture_output=True, text=True, env=os.environ | UNDISTURBED
    )
    return done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "repository" / "services" / "orders"
    render({"project_name": "Orders API"}, root)
    return root


def test_a_project_of_its_own_gets_a_repository_and_a_hook(project: Path) -> None:
    assert set_up(project) == ""
    hook = project / HOOK
    assert os.access(hook, os.X_OK)
    assert "uv run pre-commit run" in hook.read_text()
    assert sys.prefix not in hook.read_text()
    assert set_up(project) == ""


def test_a_clone_gets_an_env_that_is_its_owners_alone(project: Path) -> None:
    (project / ".env").unlink()
    set_up(project)
    env = project / ".env"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    [key] = [line for line in env.read_text().splitlines() if line.startswith("SECRET_KEY=")]
    assert len(key) == len("SECRET_KEY=") + 64


def test_a_folder_of_a_repository_blocks_nobodys_commits(project: Path) -> None:
    top = project.parents[1]
    git(top, "init", "-q")
    assert "(cd services/orders/ && uv run just lint)" in set_up(project)
    assert not (top / HOOK).exists()
    assert not (project / ".git").exists()


def test_a_hook_that_is_there_stays(project: Path) -> None:
    git(project, "init", "-q")
    hook = project / HOOK
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("exit 0\n")
    assert "add to the repository's pre-commit hook: uv run just lint" in set_up(project)
    assert hook.read_text() == "exit 0\n"
    hook.write_text("uv run just lint\n")
    assert set_up(project) == ""


def test_hooks_that_are_kept_elsewhere_stay(project: Path, tmp_path: Path) -> None:
    git(project, "init", "-q")
    git(project, "config", "core.hooksPath", str(tmp_path / "hooks"))
    assert "core.hooksPath" in set_up(project)
    assert not (project / HOOK).exists()
    assert not (tmp_path / "hooks").exists()
