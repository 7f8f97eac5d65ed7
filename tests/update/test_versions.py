"""A project of an older version follows the template without losing what its owner wrote."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from copier import run_copy

from tests.questions.clone import commit_all, git
from tests.update.updating import content, replace, update

QUESTION = """
cache:
  type: str
  default: none
  choices: [none, memory, redis]
"""
CACHE = '[cache != "none", "/app/cache.py"], [cache == "redis", "/app/shared.py"],'


@pytest.fixture
def older(released: Path, tmp_path: Path) -> Path:
    """A template of which there is one version; a test releases the next one."""
    return Path(shutil.copytree(released, tmp_path / "template"))


@pytest.fixture
def copy(older: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Copy the template's newest version to a committed project of this name."""

    def make(name: str) -> Path:
        run_copy(str(older), tmp_path / name, defaults=True, quiet=True)
        commit_all(tmp_path / name)
        return tmp_path / name

    return make


def add_cache(template: Path) -> None:
    """Release a version with one more question, two of whose answers share a file."""
    replace(template / "questions/20-data.yml", "# {% endraw", f"{QUESTION}# {{% endraw")
    manifest = template / "extensions/manifest.jinja"
    replace(manifest, "{% set needs = [", f"{{% set needs = [\n    {CACHE}")
    (template / "template/app/cache.py").write_text('"""The cache."""\n')
    (template / "template/app/shared.py").write_text('"""Processes share it."""\n')
    commit_all(template, "2.0.0")


def test_a_new_question_has_its_default(older: Path, copy: Callable[[str], Path]) -> None:
    project = copy("project")
    add_cache(older)
    update(project)
    assert content(project) == content(copy("fresh"))
    assert yaml.safe_load((project / ".copier-answers.yml").read_text())["cache"] == "none"


def test_a_new_question_can_be_answered_at_once(older: Path, copy: Callable[[str], Path]) -> None:
    project = copy("project")
    add_cache(older)
    update(project, cache="redis")
    assert (project / "app/cache.py").read_text() == '"""The cache."""\n'
    assert (project / "app/shared.py").exists()


def test_a_file_that_two_answers_share_stays(older: Path, copy: Callable[[str], Path]) -> None:
    add_cache(older)
    project = copy("project")
    update(project, cache="redis")
    replace(project / "app/cache.py", "cache", "cache of mine")
    commit_all(project)
    update(project, cache="memory")
    assert (project / "app/cache.py").read_text() == '"""The cache of mine."""\n'
    assert not (project / "app/shared.py").exists()


def test_a_retired_question_does_not_hinder(older: Path, copy: Callable[[str], Path]) -> None:
    first = (older / "questions/20-data.yml").read_text()
    add_cache(older)
    project = copy("project")
    (older / "questions/20-data.yml").write_text(first)
    given = older / "extensions/given.jinja"
    replace(given, "retired = []", 'retired = ["cache"]')
    replace(older / "extensions/manifest.jinja", f"    {CACHE}\n", "")
    for name in ("cache", "shared"):
        (older / f"template/app/{name}.py").unlink()
    commit_all(older, "3.0.0")
    update(project)
    assert content(project) == content(copy("fresh"))


def test_edits_and_news_come_together(older: Path, copy: Callable[[str], Path]) -> None:
    project = copy("project")
    replace(project / "pyproject.toml", 'version = "0.1.0"', 'version = "9.9.9"')
    commit_all(project)
    with (older / "template/pyproject.toml.jinja").open("a") as settings:
        settings.write("\n[tool.news]\nread = true\n")
    commit_all(older, "2.0.0")
    update(project)
    text = (project / "pyproject.toml").read_text()
    assert 'version = "9.9.9"' in text
    assert "[tool.news]" in text


def test_migrations_belong_to_the_project(older: Path, copy: Callable[[str], Path]) -> None:
    project = copy("project")
    shutil.rmtree(project / "migrations/versions")
    (project / "migrations/versions").mkdir()
    (project / "migrations/versions/0009_squashed.py").write_text("MINE = True\n")
    commit_all(project)
    versions = older / "template/migrations/versions"
    (versions / "0001_initial.py.jinja").write_text("NEW = True\n")
    (versions / "0002_more.py").write_text("NEW = True\n")
    commit_all(older, "2.0.0")
    update(project)
    assert [file.name for file in (project / "migrations/versions").iterdir()] == [
        "0009_squashed.py"
    ]
    assert git(project, "status", "--porcelain", "migrations") == ""
