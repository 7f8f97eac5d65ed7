"""Dockerfiles are what hadolint expects, and begin with what is tested."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.conftest import Render
from tests.delivery.conftest import distinct
from tests.matrix import COMBINATIONS
from tests.support.project import Project
from tests.support.verbs import TELLS, TOOLS, run_verb, stand_in


def test_hadolint_finds_nothing(
    delivered: list[Project], project_of: Render, tmp_path: Path
) -> None:
    awkward = next(one for one in COMBINATIONS if one.id == "awkward-texts")
    files = []
    for name, text in distinct([*delivered, project_of(awkward)], "Dockerfile").items():
        files.append(tmp_path / f"{name}.Dockerfile")
        files[-1].write_text(text)
    words = [str(TOOLS / "hadolint"), "--no-color", *map(str, files)]
    assert len(files) == 2
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_the_image_has_the_python_that_was_chosen(delivered: list[Project]) -> None:
    for project in delivered:
        assert "ARG PYTHON_VERSION=3.13\n" in project.texts["Dockerfile"]
        assert project.texts["Dockerfile"].count("FROM python:${PYTHON_VERSION}-slim") == 2


def test_image_and_workflow_have_the_same_uv(delivered: list[Project]) -> None:
    for project in delivered:
        image = re.findall(r"UV_VERSION=(\S+)\n", project.texts["Dockerfile"])
        workflow = re.findall(r'version: "(.*)"', project.texts[".github/workflows/ci.yml"])
        assert image == workflow


def test_what_the_image_copies_is_let_in(delivered: list[Project]) -> None:
    for project in delivered:
        own = re.findall(r"^COPY (?!--)(\S+)", project.texts["Dockerfile"], re.MULTILINE)
        bound = re.findall(r"type=bind,source=([\w.]+)", project.texts["Dockerfile"])
        let_in = re.findall(r"^!(\S+)", project.texts[".dockerignore"], re.MULTILINE)
        assert sorted({*own, *bound}) == let_in
        assert "\n*\n" in project.texts[".dockerignore"]


def test_without_a_lock_the_verb_says_what_to_do(delivered: list[Project], tmp_path: Path) -> None:
    ran = run_verb(delivered[0].root, stand_in(tmp_path, TELLS), "image")
    assert ran.returncode == 1
    assert ran.stdout == "There is no uv.lock yet: run `just setup` first, and commit it.\n"
