"""What is planned shows what it must, and little else."""

from __future__ import annotations

from fnmatch import fnmatch
from itertools import combinations, product
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from proofs.conditions import ACCOUNTS, APPLIES, PLUGINS, QUESTIONS, SEES, STRENGTH, applies, sees
from tests.conftest import Render
from tests.matrix import COMBINATIONS, HEADLINES, LISTED, LISTS, WITH_LISTS, headline
from tests.style.code import imports
from tests.suites.plan import (
    MEASURED_LIST,
    REFERRING_LIST,
    SEES_RESOURCES,
    Task,
    changed,
    choose,
    distinct,
    plan,
    proofs,
    shipped_tests,
    shown,
)
from tests.suites.results import keys
from tests.support.overlay import PROOFS
from tests.support.project import Project
from tests.support.questions import choices

MOST_ROWS = 10
SAME = {
    "tests/core/test_text.py": "x = 1\n",
    "tests/core/test_calls.py": "from tests.fixtures import calls\n",
    "tests/core/test_more.py": "from tests.core.helpers import x\n",
    "tests/core/helpers.py": "from tests.fixtures.calls import x\n",
    "tests/fixtures/__init__.py": "",
}
NEEDS = {
    "app.accounts": "auth",
    "app.core.rate_limit": "rate_limit",
    "app.core.redis": "rate_limit",
    "proofs.fixtures.redis": "rate_limit",
    "app.db": "database",
    "sqlalchemy": "database",
}
"""Modules that differ from one answer to the other, and the question that they belong to."""


def project(root: Path, **files: str) -> Project:
    for name, text in (SAME | {f"tests/{key}.py": text for key, text in files.items()}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "pyproject.toml").write_text("[project]\n")
    return Project(COMBINATIONS[0], root)


@pytest.fixture(scope="module")
def usual() -> list[Project]:
    """The headline combinations; only their answers matter."""
    stand_ins = [SimpleNamespace(combination=one) for one in HEADLINES]
    return cast("list[Project]", stand_ins)


def test_few_projects_show_each_two_answers(usual: list[Project]) -> None:
    rows = choose(usual, QUESTIONS, 2)
    values = {name: choices(name) for name in QUESTIONS}
    met = set().union(*(shown(one, QUESTIONS, 2) for one in rows))
    pairs = combinations(QUESTIONS, 2)
    expected = [product(product([a], values[a]), product([b], values[b])) for a, b in pairs]
    assert met == {pair for found in expected for pair in found}
    assert len(rows) <= MOST_ROWS


def test_fewer_projects_show_each_answer(usual: list[Project]) -> None:
    assert len(choose(usual, QUESTIONS, 1)) == max(len(choices(name)) for name in QUESTIONS)


def test_what_is_not_there_is_not_asked_for(usual: list[Project]) -> None:
    some = [one for one in usual if one.combination["auth"] == "none"]
    assert choose(some, ["auth"], 1) == some[:1]


def test_every_distinct_tree_starts(project_of: Render) -> None:
    projects = [project_of(one) for one in (*HEADLINES[:4], WITH_LISTS[0])]
    boots = [task for task in plan(projects) if task.kind == "boot"]
    assert [one.project for one in boots] == distinct(projects)


def test_each_list_of_resources_meets_each_database_and_access(project_of: Render) -> None:
    found = [task for task in plan([project_of(one) for one in WITH_LISTS]) if task.kind == "suite"]
    for resources in LISTS:
        its = [one.project for one in found if one.project.combination.resources == resources]
        assert len(its) == max(len(choices(name)) for name in LISTED)
        for question in LISTED:
            assert {one.combination[question] for one in its} == set(choices(question))


def test_proofs_of_resources_run_for_all_types_and_references(project_of: Render) -> None:
    tasks = plan([project_of(one) for one in (*HEADLINES, *WITH_LISTS)])
    path = "proofs/resources/test_links.py"
    found = [task.project.combination for task in tasks if path in task.files]
    assert {one.resources for one in found} == {"default", MEASURED_LIST, REFERRING_LIST}
    types = [one for one in found if one.resources == MEASURED_LIST]
    for question in LISTED:
        assert {one[question] for one in types} == set(choices(question))


def test_every_proof_is_planned_and_each_gate_is_held(project_of: Render) -> None:
    tasks = plan([project_of(one) for one in (*HEADLINES, *WITH_LISTS)])
    planned = {path for task in tasks if task.kind == "proofs" for path in task.files}
    assert planned == {f"proofs/{name}" for name in proofs()}
    assert {task.kind for task in tasks if task.is_measured} == {"suite", "proofs"}
    first = next(task for task in tasks if task.kind == "proofs" and task.is_measured)
    root = first.project.root
    there = [task for task in tasks if task.kind == "proofs" and task.project.root == root]
    assert {path for task in there for path in task.files} == {
        f"proofs/{name}" for name in proofs() if applies(name, root)
    }


def test_what_refuses_is_equal_wherever_it_is_not_proven(project_of: Render) -> None:
    """See `proofs/resources/test_refusals.py`; without accounts, none refers to users."""
    types = [one for one in WITH_LISTS if one.resources == MEASURED_LIST]
    for folder in (
        "api/v1/endpoints",
        "schemas",
        "core/changes",
        "core/http",
        "core/lists",
        "core/fields",
    ):
        found = {
            (one["auth"] == "none", repr(project_of(one).python(f"app/{folder}"))) for one in types
        }
        assert len(found) == 2, folder


def test_as_a_whole_everything_runs_everywhere(project_of: Render) -> None:
    projects = [project_of(headline(rate_limit=limits)) for limits in choices("rate_limit")]
    tasks = plan(projects, whole=True)
    found = [one for one in tasks if one.kind == "proofs"]
    assert [one.project for one in found if not one.is_measured] == projects
    assert [one.files for one in tasks if one.kind == "suite"] == [*map(shipped_tests, projects)]


def test_every_condition_matches_a_file() -> None:
    files = [one.relative_to(PROOFS) for one in PROOFS.rglob("*.py")]
    for pattern in (*APPLIES, *SEES):
        assert any(fnmatch(path.as_posix(), pattern) for path in files), pattern
    assert {f"fixtures/{name}.py" for name in PLUGINS} <= {path.as_posix() for path in files}


def test_a_proof_sees_what_it_uses() -> None:
    blind = [
        (name, question)
        for name in proofs()
        for module in imports(name, (PROOFS / name).read_text())
        for prefix, question in NEEDS.items()
        if module.startswith(prefix) and question not in sees(name)[0]
    ]
    assert blind == []


def test_a_proof_that_nothing_is_said_of_sees_all() -> None:
    assert sees("new/test_new.py") == (QUESTIONS, STRENGTH)


def test_what_needs_accounts_applies_where_they_are(project_of: Render) -> None:
    for auth in choices("auth"):
        root = project_of(headline(auth=auth)).root
        assert applies("accounts/test_login.py", root) is ACCOUNTS(root) is (auth != "none")


def test_a_test_that_sees_no_resource_is_left_out(tmp_path: Path) -> None:
    default = project(tmp_path / "a", **{"fixtures/calls": "x = 1\n"})
    same = project(tmp_path / "b", **{"fixtures/calls": "x = 1\n"})
    assert changed(same, default) == ()


def test_a_test_that_is_new_or_changed_runs(tmp_path: Path) -> None:
    default = project(tmp_path / "a", **{"core/test_a": "x = 1\n"})
    other = project(tmp_path / "b", **{"core/test_a": "x = 2\n", "core/test_b": "x = 1\n"})
    assert changed(other, default) == ("tests/core/test_a.py", "tests/core/test_b.py")


def test_a_test_that_uses_what_changed_runs(tmp_path: Path) -> None:
    default = project(tmp_path / "a", **{"fixtures/calls": "x = 1\n"})
    other = project(tmp_path / "b", **{"fixtures/calls": "x = 2\n"})
    assert changed(other, default) == ("tests/core/test_calls.py", "tests/core/test_more.py")


def test_a_test_that_asks_the_whole_application_runs(tmp_path: Path) -> None:
    same = {"test_migrations": "x = 1\n", "api/test_samples": "x = 1\n"}
    default, other = project(tmp_path / "a", **same), project(tmp_path / "b", **same)
    assert changed(other, default) == ("tests/test_migrations.py",)


def test_what_always_runs_is_there(project_of: Render) -> None:
    there = [Path(one) for one in project_of(HEADLINES[0]).python("tests")]
    assert any(path.match(one) for one in SEES_RESOURCES for path in there)


def found_keys(root: Path, *versions: str, **files: str) -> dict[str, str]:
    one = project(root, **files)
    return keys(Task(one, "suite", shipped_tests(one)), list(versions))


def test_a_result_is_known_again_by_its_content(tmp_path: Path) -> None:
    assert found_keys(tmp_path / "a") == found_keys(tmp_path / "b")


def test_a_changed_test_runs_again_alone(tmp_path: Path) -> None:
    one = found_keys(tmp_path / "a", test_a="x = 1\n", test_b="x = 1\n")
    other = found_keys(tmp_path / "b", test_a="x = 2\n", test_b="x = 1\n")
    assert {path for path in one if one[path] != other[path]} == {"tests/test_a.py"}


def test_with_a_changed_helper_or_server_all_run_again(tmp_path: Path) -> None:
    one = found_keys(tmp_path / "a")
    helper = found_keys(tmp_path / "b", **{"core/helpers": "x = 2\n"})
    server = found_keys(tmp_path / "c", "18.1")
    assert not set(one.values()) & (set(helper.values()) | set(server.values()))


def test_what_is_brought_for_docker_and_pipelines_reaches_no_suite(project_of: Render) -> None:
    same = {"database": "postgresql", "auth": "jwt", "rate_limit": "redis"}
    alike = [one for one in COMBINATIONS if same.items() <= one.answers.items()]
    assert {one["docker"] for one in alike} == set(choices("docker"))
    assert {one.answers.get("ci", choices("ci")[0]) for one in alike} == set(choices("ci"))
    trees = {(one["jwt_library"], project_of(one).fingerprint) for one in alike}
    assert sorted(library for library, _ in trees) == sorted(choices("jwt_library"))
