"""What a project weighs stays within its budget: the owner carries every line for years."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from tests.conftest import Render
from tests.matrix import HEADLINES, TEXTS, Combination
from tests.style.code import imports
from tests.style.template import EXTENSIONS, python
from tests.style.test_tags import tags_per_100_lines
from tests.suites.plan import shipped_tests
from tests.support.project import Project

CORE = ("app/core/", "app/db/")
THREE_FIELDS = {
    "name": "part",
    "fields": {"title": "str(40) unique", "size": "int optional", "is_new": "bool = false"},
}
SETTINGS = """
import json
from pydantic import BaseModel
from app.config import Settings

def count(model):
    kinds = (field.annotation for field in model.model_fields.values())
    groups = (isinstance(one, type) and issubclass(one, BaseModel) for one in kinds)
    fields = zip(model.model_fields.values(), groups, strict=True)
    return sum(count(field.annotation) if group else 1 for field, group in fields)

print(count(Settings))
"""


@dataclass(frozen=True)
class Budget:
    """How much there may be; the target is what it shall be, where that is less."""

    limit: float
    target: float | None = None

    def __post_init__(self) -> None:
        assert self.target is None or self.target < self.limit


BUDGET = {
    "files of app": Budget(130),
    "lines of app": Budget(8925),  # decisions 18 and 20
    "files of yours and features": Budget(75),
    "lines of yours and features": Budget(4200),
    "files of the smallest app": Budget(55),
    "lines of the smallest app": Budget(2900),
    "lines of migrations": Budget(2050),  # decisions 18 and 20
    "lines of the smallest tests": Budget(900),
    "files of tests": Budget(40),
    "lines of tests": Budget(3800),
    "tests": Budget(300),
    "lines of one more resource": Budget(240),
    "lines of its tests": Budget(220),
    "modules behind the login": Budget(60),
    "nouns refused for our modules": Budget(10),
    "settings": Budget(60),
    "tags per 100 lines": Budget(0.6),
    "lines of extensions": Budget(5372),  # decision 20
}
"""The default project, unless it is said otherwise; lines are those of Python files."""

Weights = Mapping[str, Callable[[], float]]


@pytest.fixture(scope="module")
def usual(project_of: Render) -> Project:
    """The default project."""
    return project_of(HEADLINES[0])


@pytest.fixture(scope="module")
def smallest(project_of: Render) -> Project:
    """The project without accounts, limits, Docker, pipelines and resources."""
    answers = {"auth": "none", "rate_limit": "none", "docker": "none", "ci": "none"}
    return project_of(_with("smallest", resources=[], **answers))


@pytest.fixture(scope="module")
def larger(project_of: Render, usual: Project) -> Project:
    """The default project with one more resource, of three fields."""
    resources = yaml.safe_load(usual.texts[".copier-answers.yml"])["resources"]
    return project_of(_with("larger", resources=[*resources, THREE_FIELDS]))


def _with(id_: str, **answers: Any) -> Combination:
    return Combination(f"weight-{id_}", {**HEADLINES[0].answers, **TEXTS, **answers}, id_)


@pytest.fixture(scope="module")
def weights(usual: Project, smallest: Project, larger: Project) -> Weights:
    """What is measured, by the name in the budget."""
    tests, own = usual.python("tests"), yours(usual)
    return {
        "files of app": lambda: len(usual.python("app")),
        "lines of app": lambda: lines(usual.python("app")),
        "files of yours and features": lambda: len(own),
        "lines of yours and features": lambda: lines(own),
        "files of the smallest app": lambda: len(smallest.python("app")),
        "lines of the smallest app": lambda: lines(smallest.python("app")),
        "lines of migrations": lambda: (
            lines(usual.python("migrations")) - lines(usual.python("migrations/versions"))
        ),
        "lines of the smallest tests": lambda: lines(smallest.python("tests")),
        "files of tests": lambda: len(tests),
        "lines of tests": lambda: lines(tests),
        "tests": lambda: collected(usual),
        "lines of one more resource": lambda: (
            lines(larger.python("app")) - lines(usual.python("app"))
        ),
        "lines of its tests": lambda: lines(larger.python("tests")) - lines(tests),
        "modules behind the login": lambda: len(behind(usual, login_module(usual))),
        "nouns refused for our modules": lambda: len(refused(usual)),
        "settings": lambda: int(run(usual, SETTINGS)),
        "tags per 100 lines": lambda: tags_per_100_lines(python()),
        "lines of extensions": lambda: sum(
            len(path.read_text().splitlines()) for path in EXTENSIONS.rglob("*.jinja")
        ),
    }


@pytest.mark.parametrize("name", BUDGET)
def test_it_is_within_its_budget(name: str, weights: Weights) -> None:
    budget = BUDGET[name]
    found = weights[name]()
    assert found <= budget.limit, f"{name}: {found:g}, at most {budget.limit:g}"


def test_everything_that_is_weighed_has_a_budget(weights: Weights) -> None:
    assert list(weights) == list(BUDGET)


def test_modules_behind_another_are_found_at_any_distance() -> None:
    found = behind_in({"app.a": {"app.b"}, "app.b": {"app.c"}, "app.c": {"app.a"}}, "app.a")
    assert found == {"app.a", "app.b", "app.c"}


def yours(project: Project) -> dict[str, str]:
    """What is not core."""
    files = project.python("app").items()
    return {path: text for path, text in files if not path.startswith(CORE)}


def lines(files: Mapping[str, str]) -> int:
    """All lines of files."""
    return sum(len(text.splitlines()) for text in files.values())


def refused(project: Project) -> set[str]:
    """The modules that stand where each resource has one, and are none of a resource."""
    layers = ("api/v1/endpoints", "crud", "models", "schemas", "services")
    found = {path.split("/")[-1] for one in layers for path in project.python(f"app/{one}")}
    return found - {"__init__.py", "item.py", "items.py"}


def login_module(project: Project) -> str:
    """The module of the endpoint that logs somebody in."""
    for path, text in project.python("app").items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.AsyncFunctionDef) and any(
                '.post("/login"' in ast.unparse(one).replace("'", '"')
                for one in node.decorator_list
            ):
                return name_of(path)
    raise AssertionError("Nobody can log in.")


def behind(project: Project, module: str) -> set[str]:
    """The modules of the project that a module imports, by itself or by another, with itself."""
    texts = {name_of(path): (path, text) for path, text in project.python("app").items()}
    graph = {
        name: {one for one in imports(path, text) if one in texts}
        for name, (path, text) in texts.items()
    }
    return {one for one in behind_in(graph, module) if texts[one][1].count("\n") > 1}


def behind_in(graph: Mapping[str, set[str]], start: str) -> set[str]:
    """What can be reached from one node."""
    found, left = {start}, [start]
    while left:
        more = graph.get(left.pop(), set()) - found
        found |= more
        left += more
    return found


def name_of(path: str) -> str:
    """The name of a module."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def collected(project: Project) -> int:
    """How many tests a project ships."""
    options = ["--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:copie"]
    command = [sys.executable, "-m", "pytest", *options, *shipped_tests(project)]
    ran = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    return sum("::" in line for line in ran.stdout.splitlines())


def run(project: Project, code: str) -> Any:
    """What a few lines of Python print in a project."""
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)
