"""Each project has a secret of its own, in the one file that git ignores."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from copier import run_copy

from tests.questions.clone import commit_all, git


@pytest.fixture(scope="module")
def projects(template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two projects of the same answers, committed by their owners."""
    folders = [tmp_path_factory.mktemp("secret") / name for name in ("one", "two")]
    for folder in folders:
        run_copy(str(template), folder, defaults=True, quiet=True, unsafe=False)
        commit_all(folder)
    return folders


def secret(project: Path) -> str:
    found = re.search(r"^SECRET_KEY=(.*)$", (project / ".env").read_text(), re.MULTILINE)
    assert found is not None
    return found[1]


def test_a_secret_has_256_bits(projects: list[Path]) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", secret(projects[0]))


def test_two_projects_have_different_secrets(projects: list[Path]) -> None:
    assert secret(projects[0]) != secret(projects[1])


def test_no_tracked_file_holds_the_secret(projects: list[Path]) -> None:
    tracked = git(projects[0], "ls-files").splitlines()
    own = secret(projects[0]).encode()
    assert ".env" not in tracked
    assert [name for name in tracked if own in (projects[0] / name).read_bytes()] == []


def test_nothing_but_the_secret_differs(projects: list[Path]) -> None:
    trees = [git(folder, "rev-parse", "HEAD^{tree}") for folder in projects]
    assert trees[0] == trees[1]
    lines = [(folder / ".env").read_text().replace(secret(folder), "") for folder in projects]
    assert lines[0] == lines[1]


@pytest.mark.parametrize(
    ("database", "url"),
    [
        ("sqlite", "sqlite:///var/app.db"),
        ("postgresql", "postgresql://postgres:change-me@localhost:5432/my_api"),
        ("mysql", "mysql://root:change-me@localhost:3306/my_api"),
    ],
)
def test_the_environment_names_the_database(
    template: Path, destination: Path, database: str, url: str
) -> None:
    only = ["*", "!/.env"]
    run_copy(
        str(template), destination, {"database": database}, exclude=only, defaults=True, quiet=True
    )
    assert f"\nDATABASE_URL={url}\n" in (destination / ".env").read_text()


def test_copying_again_keeps_the_secret(template: Path, destination: Path) -> None:
    run_copy(str(template), destination, defaults=True, quiet=True)
    before = secret(destination)
    run_copy(str(template), destination, defaults=True, quiet=True, overwrite=True)
    assert secret(destination) == before
