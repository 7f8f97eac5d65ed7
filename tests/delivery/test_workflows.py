"""Workflows do what the README says, with few rights."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Render
from tests.delivery.conftest import distinct
from tests.matrix import COMBINATIONS, HEADLINES
from tests.support.project import Project
from tests.support.questions import ROOT, choices
from tests.support.verbs import TOOLS

WORKFLOW = ".github/workflows/ci.yml"


@pytest.fixture(scope="module")
def checked(project_of: Render) -> list[Project]:
    """The projects of the headline; all of them have a workflow."""
    return [project_of(one) for one in HEADLINES]


def workflow(project: Project) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(project.texts[WORKFLOW])
    return found


def test_zizmor_finds_nothing(checked: list[Project], tmp_path: Path) -> None:
    files = []
    for name, text in distinct(checked, WORKFLOW).items():
        files.append(tmp_path / name / WORKFLOW)
        files[-1].parent.mkdir(parents=True)
        files[-1].write_text(text)
    options = ["--offline", "--no-progress", "--color", "never", "--persona", "regular"]
    ran = subprocess.run(
        [str(TOOLS / "zizmor"), *options, *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_the_verb_of_the_readme_is_run(checked: list[Project]) -> None:
    for project in checked:
        runs = [step.get("run") for step in workflow(project)["jobs"]["check"]["steps"]]
        assert runs[-2:] == ["uv lock --check", "uv run just check"]
        assert "uv run just check" in project.texts["README.md"]


def test_every_python_is_tried_and_the_chosen_one_first(project_of: Render) -> None:
    for version in choices("python_version"):
        chosen = next(
            one
            for one in COMBINATIONS
            if one.answers.get("python_version") == version and one.answers.get("ci") == "github"
        )
        pythons = workflow(project_of(chosen))["jobs"]["check"]["strategy"]["matrix"]["python"]
        assert pythons[0] == version
        assert {*pythons} == {*choices("python_version")}


def test_each_answer_has_its_services(checked: list[Project]) -> None:
    for project in checked:
        chosen = project.combination
        expected = {"database"} if chosen["database"] != "sqlite" else set()
        expected |= {"redis"} if chosen["rate_limit"] == "redis" else set()
        assert {*workflow(project)["jobs"]["check"].get("services", {})} == expected


def test_an_image_is_built_where_there_is_one(checked: list[Project]) -> None:
    for project in checked:
        jobs = workflow(project)["jobs"].keys()
        assert ("image" in jobs) is (project.combination["docker"] != "none")


def test_rights_are_few_and_actions_pinned(checked: list[Project]) -> None:
    for text in distinct(checked, WORKFLOW).values():
        parsed = yaml.safe_load(text)
        assert parsed["permissions"] == {}
        for job in parsed["jobs"].values():
            assert job["permissions"] == {"contents": "read"}
            assert job["timeout-minutes"] <= 30
            assert job["steps"][0]["with"] == {"persist-credentials": False}
        used = re.findall(r"uses: (\S+)", text)
        assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one)] == []


def test_an_action_that_we_use_too_is_the_same(checked: list[Project]) -> None:
    ours = re.findall(r"uses: (\S+@\S+ # \S+)", (ROOT / WORKFLOW).read_text())
    for text in distinct(checked, WORKFLOW).values():
        assert {*ours} <= {*re.findall(r"uses: (\S+@\S+ # \S+)", text)}


def test_without_the_answer_there_is_no_folder(project_of: Render) -> None:
    without = next(one for one in COMBINATIONS if one.answers.get("ci") == "none")
    assert not (project_of(without).root / ".github").exists()
