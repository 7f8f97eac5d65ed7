"""A template as a user meets it: a folder, or a git repository with a release."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.matrix import Combination
from tests.support.questions import ROOT

PARTS = ("copier.yml", "extensions", "questions", "template")

CopyByCommand = Callable[..., Path]


@pytest.fixture(scope="session")
def template_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template outside of any repository."""
    folder = tmp_path_factory.mktemp("template")
    for part in PARTS:
        (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, folder / part)
    return folder


@pytest.fixture(scope="session")
def template_release(template_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template as a git repository with a tag."""
    folder = tmp_path_factory.mktemp("release") / "template"
    shutil.copytree(template_folder, folder)
    git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-C", str(folder)]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "Release"], ["tag", "v0.1.0"]):
        subprocess.run([*git, *words], check=True)
    return folder


@pytest.fixture
def copy_by_command(tmp_path: Path) -> CopyByCommand:
    """Copy with the stock command, as a user does."""

    def copy(source: Path, combination: Combination, name: str = "by-command") -> Path:
        answers, target = tmp_path / "answers.yml", tmp_path / name
        given = dict(combination.answers)
        answers.write_text(yaml.safe_dump(given, allow_unicode=True, sort_keys=False))
        options = ["--defaults", "--quiet", "--data-file", str(answers)]
        command = [sys.executable, "-m", "copier", "copy", *options, str(source), str(target)]
        subprocess.run(command, check=True)
        return target

    return copy
