"""Everything that the page shows works, in the order in which it stands there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from copier import run_copy

from tests.growing.page import Block, blocks, follow
from tests.questions.clone import commit_all, copy_template, git
from tests.suites import servers
from tests.support.verbs import RUNS, TOOLS, run_verb, stand_in

INSTALL, VERB, PYTHON = "uv add ", "uv run just ", "uv run python "
ELSEWHERE = '''"""Done elsewhere."""

revision = "abc"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing."""
'''
BY_THE_TEMPLATE = ["tests/api", "tests/test_contract.py", "tests/test_migrations.py"]
"""What a project has tests of that the page changes."""

OPEN = "none"
ANSWERS = [
    {"auth": "jwt", "rate_limit": "memory"},
    {"auth": "session", "rate_limit": "redis"},
    {"auth": OPEN, "rate_limit": "none"},
]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Release the template, for projects that will be updated."""
    folder = copy_template(tmp_path_factory.mktemp("growing") / "template")
    commit_all(folder, "1.0.0")
    return folder


@pytest.fixture(params=ANSWERS, ids=lambda answers: answers["auth"])
def project(request: pytest.FixtureRequest, template: Path, tmp_path: Path) -> Path:
    """Return a project of its own, as `copier copy` leaves it."""
    root = tmp_path / "orders-api"
    answers = {"project_name": "Orders API", "database": "sqlite", **request.param}
    run_copy(str(template), root, answers, defaults=True, quiet=True, unsafe=False)
    commit_all(root)
    return root


def test_the_page_is_followed_from_top_to_bottom(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    project: Path,
    tmp_path: Path,
    types: Path,
) -> None:
    monkeypatch.setenv("MYPY_CACHE_DIR", str(types))
    if redis := servers.find("redis"):
        monkeypatch.setenv("TEST_REDIS_URL", redis.url)
    uv = stand_in(tmp_path, RUNS)
    page = list(blocks((project / "docs" / "growing.md").read_text()))
    assert {block.language for block in page} == {"python", "diff", "console"}
    for block in page:
        if block.language != "console":
            follow(block, project)
    succeed(run_verb(project, uv, "format"))
    succeed(run_verb(project, uv, "lint"))
    if OPEN in request.node.name:
        # The commands do the same whoever may log in, and here on the fewest files.
        commit_all(project)
        for block in page:
            if block.language == "console":
                command(block, project, uv)
    added = {block.path for block in page if block.path.startswith("tests/")}
    succeed(run(project, "-m", "pytest", "-q", *sorted(added), *BY_THE_TEMPLATE))


def command(block: Block, project: Path, uv: Path) -> None:
    """Run the lines of a block; what they would install is there."""
    for line in block.text.splitlines():
        if line.startswith(INSTALL):
            succeed(run(project, "-c", f"import {line.removeprefix(INSTALL)}"))
        elif line.startswith(VERB):
            if line == f"{VERB}merge":
                branch(project)
            succeed(run_verb(project, uv, *words(line.removeprefix(VERB))))
            if git(project, "status", "--porcelain"):
                commit_all(project)
        else:
            succeed(run(project, *words(line.removeprefix(PYTHON))))


def branch(project: Path) -> None:
    """Add a migration that follows the first one, as a merged branch may do."""
    (project / "migrations/versions/abc_elsewhere.py").write_text(ELSEWHERE)


def words(line: str) -> list[str]:
    """Split a line as a shell does."""
    split = subprocess.run(
        ["sh", "-c", f"printf '%s\\n' {line}"], check=True, capture_output=True, text=True
    )
    return split.stdout.splitlines()


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project, as `uv run` would."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**os.environ, "PATH": f"{TOOLS}:/usr/bin:/bin", "SECRET_KEY": "x1y2z3w4" * 8},
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def succeed(done: subprocess.CompletedProcess[str]) -> None:
    """Show what was said, if it was no success."""
    assert done.returncode == 0, f"{done.args}\n{done.stdout}\n{done.stderr}"
