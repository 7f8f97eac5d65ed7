"""What of a suite runs for another list of resources is what sees the resources."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fnmatch import filter as filter_names
from itertools import combinations, product
from pathlib import Path

import pytest

from tests.conftest import Render
from tests.matrix import COMBINATIONS, HEADLINES, LISTED, LISTS, WITH_LISTS, headline
from tests.suites.selection import (
    SEES_ALL,
    SEES_LIMITS,
    SQUARE,
    WHOLE_LISTS,
    WHOLE_TEXTS,
    is_measured,
    is_seen,
    is_whole,
    neighbour,
    selection,
)
from tests.support.project import Project
from tests.support.questions import choices

SAME = {
    "tests/core/test_text.py": "x = 1\n",
    "tests/core/test_calls.py": "from tests.fixtures import calls\n",
    "tests/core/test_more.py": "from tests.core.helpers import x\n",
    "tests/core/helpers.py": "from tests.fixtures.calls import x\n",
    "tests/fixtures/__init__.py": "",
}


def project(root: Path, **files: str) -> Project:
    for name, text in (SAME | {f"tests/{key}.py": text for key, text in files.items()}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Project(COMBINATIONS[0], root)


def test_a_test_that_sees_no_resource_is_left_out(tmp_path: Path) -> None:
    default = project(tmp_path / "a", **{"fixtures/calls": "x = 1\n"})
    same = project(tmp_path / "b", **{"fixtures/calls": "x = 1\n"})
    assert selection(same, default) == []


def test_a_test_that_is_new_or_changed_runs(tmp_path: Path) -> None:
    default = project(tmp_path / "a", **{"core/test_a": "x = 1\n"})
    other = project(tmp_path / "b", **{"core/test_a": "x = 2\n", "core/test_b": "x = 1\n"})
    assert selection(other, default) == ["tests/core/test_a.py", "tests/core/test_b.py"]


def test_a_test_that_uses_what_changed_runs(tmp_path: Path) -> None:
    default = project(tmp_path / "a", **{"fixtures/calls": "x = 1\n"})
    other = project(tmp_path / "b", **{"fixtures/calls": "x = 2\n"})
    assert selection(other, default) == ["tests/core/test_calls.py", "tests/core/test_more.py"]


def test_a_test_that_asks_the_whole_application_runs(tmp_path: Path) -> None:
    same = {"test_openapi": "x = 1\n", "api/test_samples": "x = 1\n"}
    default, other = project(tmp_path / "a", **same), project(tmp_path / "b", **same)
    assert selection(other, default) == ["tests/test_openapi.py"]


def test_limits_are_seen_where_they_are_others(tmp_path: Path) -> None:
    same = {"rate_limit/test_routes": "x = 1\n", "tokens/test_refresh_throttle": "x = 1\n"}
    memory = project(tmp_path / "a", **same)
    redis = replace(project(tmp_path / "b", **same), combination=headline(rate_limit="redis"))
    assert selection(memory, memory) == []
    assert selection(redis, memory) == [f"tests/{name}.py" for name in sorted(same)]


def test_what_always_runs_is_there(project_of: Render) -> None:
    there = project_of(headline(auth="jwt", rate_limit="redis")).python("tests")
    assert [one for one in (*SEES_ALL, *SEES_LIMITS) if not filter_names(there, one)] == []


@pytest.mark.parametrize("resources", LISTS)
def test_every_list_is_seen_with_each_answer(resources: str) -> None:
    seen = [one for one in WITH_LISTS if one.resources == resources and is_seen(one)]
    for question in LISTED:
        assert {one[question] for one in seen} == set(choices(question))


def test_what_runs_as_a_whole_is_there() -> None:
    assert {one.id for one in COMBINATIONS} >= WHOLE_LISTS | WHOLE_TEXTS


@pytest.mark.parametrize("pair", [*combinations(SQUARE, 2)], ids="-".join)
def test_each_two_answers_run_as_a_whole_with_one_third(pair: tuple[str, str]) -> None:
    whole = {tuple(one[name] for name in SQUARE) for one in HEADLINES if is_whole(one)}
    places = [SQUARE.index(name) for name in pair]
    shown = Counter(tuple(answers[place] for place in places) for answers in whole)
    assert shown == Counter(product(*(choices(name) for name in pair)))


def test_each_answer_is_held_to_its_gate_and_each_gate_is_of_a_whole_suite() -> None:
    measured = [one for one in COMBINATIONS if is_measured(one)]
    assert [one.id for one in measured if not is_whole(one)] == []
    for question in SQUARE:
        assert {one[question] for one in measured} == set(choices(question))
    assert {one.resources for one in measured} > {"default"}


def test_what_runs_in_part_has_a_neighbour_that_has_the_rest() -> None:
    for one in COMBINATIONS:
        if not is_whole(one):
            other = neighbour(one)
            assert other.resources == "default"
            assert [other[name] for name in LISTED] == [one[name] for name in LISTED]
            assert is_whole(other) or other["rate_limit"] == one["rate_limit"]
            assert is_whole(other) or is_whole(neighbour(other))


def test_what_is_brought_for_docker_and_pipelines_reaches_no_suite(
    project_of: Render,
) -> None:
    same = {"database": "postgresql", "auth": "jwt", "rate_limit": "redis"}
    alike = [one for one in COMBINATIONS if same.items() <= one.answers.items()]
    assert {one["docker"] for one in alike} == set(choices("docker"))
    assert {one.answers.get("ci", choices("ci")[0]) for one in alike} == set(choices("ci"))
    assert len({project_of(one).fingerprint for one in alike}) == 1
