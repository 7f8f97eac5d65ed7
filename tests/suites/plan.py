"""Plans what runs where: few projects that show each two answers, each proof where it differs."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from itertools import combinations

from proofs.conditions import ALONE, QUESTIONS, applies, sees
from tests.matrix import LISTED
from tests.support.overlay import BOOT, PROOFS
from tests.support.project import Project

Shown = frozenset[tuple[tuple[str, str], ...]]

KINDS = ("boot", "suite", "proofs")
GATES = {"suite": ["--cov"], "proofs": ["--cov", "--cov-config=proofs/coverage.toml"]}
"""What holds the owner's code, and core, to the coverage that they promise."""

OF_A_LIST = [f"--cov=app/{one}" for one in ("api", "crud", "models", "schemas", "services")]
"""The gate of what follows from a list of resources: the rest is held to it with the default."""

BESIDE_CORE = ("proofs/accounts/", "proofs/tokens/")
"""Folders of proofs that the gate of core need not measure: it is held without them."""

MEASURED_LIST = "types"
"""The list of all types is held to the gate as well."""

REFERRING_LIST = "related"
"""The list of references and links."""

ABOUT_REFERENCES = ("links", "lists", "nesting", "references", "scope", "seed", "unique")
"""Proofs of resources that read what the list of references says, and not what fields are."""

OF_RESOURCES = "resources/"
"""The folder of proofs that read what a list says: they run for these two lists as well."""

SEES_RESOURCES = ("tests/test_contract*.py", "tests/test_migrations.py", "tests/test_openapi*.py")
"""Shipped tests that ask the whole application, so that they run for other resources too."""


@dataclass(frozen=True)
class Task:
    """Test files of one project, that one process runs."""

    project: Project
    kind: str
    files: tuple[str, ...]
    is_measured: bool = False

    @property
    def arguments(self) -> list[str]:
        """What the project's pytest is told."""
        if not self.is_measured:
            return list(self.files)
        of_a_list = self.project.combination.resources != "default"
        return [*self.files, *(OF_A_LIST if of_a_list else GATES[self.kind])]

    @property
    def name(self) -> str:
        """Its name among the tasks of the project."""
        return f"{self.kind}.measured" if self.is_measured else self.kind


def distinct(projects: Iterable[Project]) -> list[Project]:
    """The projects whose code differs."""
    return list({one.fingerprint: one for one in reversed(list(projects))}.values())[::-1]


def plan(projects: Sequence[Project], *, whole: bool = False) -> list[Task]:
    """What is run on these projects; as a whole, everything on each."""
    trees = distinct(projects)
    usual = [one for one in trees if one.combination.resources == "default"]
    rows = usual if whole else choose(usual, ALONE, 1, choose(usual, QUESTIONS, 2))
    others = [one for one in trees if one not in usual]
    return [
        *(Task(one, "boot", (BOOT,)) for one in trees),
        *_suites(rows, others, trees, whole=whole),
        *_proofs(rows, others, whole=whole),
    ]


def choose(
    projects: Sequence[Project],
    questions: Sequence[str],
    strength: int,
    known: Sequence[Project] = (),
) -> list[Project]:
    """Few projects that show each `strength` answers to the questions which any of them shows.

    Those that are `known` come first.
    """
    missing = set().union(*(shown(one, questions, strength) for one in projects))
    missing = missing.difference(*(shown(one, questions, strength) for one in known))
    chosen = [*known]
    while missing:
        best = max(projects, key=lambda one: len(missing & shown(one, questions, strength)))
        missing -= shown(best, questions, strength)
        chosen.append(best)
    return chosen


def shown(project: Project, questions: Sequence[str], strength: int) -> Shown:
    """The answers that a project shows together."""
    answers = [(name, project.combination[name]) for name in questions]
    return frozenset(combinations(answers, min(strength, len(answers))))


def _suites(
    rows: list[Project], others: list[Project], trees: list[Project], *, whole: bool
) -> Iterable[Task]:
    measured = choose(rows, QUESTIONS, 1)
    for one in rows:
        yield Task(one, "suite", shipped_tests(one), is_measured=one in measured)
    by_list: dict[str, list[Project]] = defaultdict(list)
    for one in others:
        by_list[one.combination.resources].append(one)
    for resources, projects in by_list.items():
        for number, one in enumerate(projects if whole else choose(projects, LISTED, 1)):
            is_measured = resources == MEASURED_LIST and number == 0
            known = neighbour(one, trees)
            files = shipped_tests(one) if whole or not known else changed(one, known)
            yield Task(one, "suite", files, is_measured=is_measured)


def _proofs(rows: list[Project], others: list[Project], *, whole: bool) -> Iterable[Task]:
    files: dict[str, list[str]] = defaultdict(list)
    projects = {one.fingerprint: one for one in (*rows, *others)}
    for name in proofs():
        fitting = [one for one in rows if applies(name, one.root)]
        fitting = fitting or [one for one in others if applies(name, one.root)]
        chosen = fitting if whole else choose(fitting, *sees(name))
        if name.startswith(OF_RESOURCES):
            lists = others if whole else _with_lists(others, name)
            lists = [one for one in lists if applies(name, one.root) and one not in chosen]
            # The default list has nothing that they have not; it is for the gate of core.
            chosen = [*(chosen if whole or not lists else chosen[:1]), *lists]
        for one in chosen:
            files[one.fingerprint].append(f"proofs/{name}")
    for number, (fingerprint, names) in enumerate(files.items()):
        one = projects[fingerprint]
        # Whatever applies to the first project runs there, and the gate of core is held there.
        is_first = number == 0 and one in rows[:1]
        measured = tuple(path for path in names if is_first and not path.startswith(BESIDE_CORE))
        if measured:
            yield Task(one, "proofs", measured, is_measured=True)
        if rest := tuple(path for path in names if path not in measured):
            yield Task(one, "proofs", rest)


def _with_lists(others: list[Project], name: str) -> list[Project]:
    """The list of all types as often as proofs can see a difference, that of references once."""
    of_types, of_references = (
        [one for one in others if one.combination.resources == resources]
        for resources in (MEASURED_LIST, REFERRING_LIST)
    )
    of_types = choose(of_types, *sees(name))
    if name not in [f"{OF_RESOURCES}test_{one}.py" for one in ABOUT_REFERENCES]:
        return of_types
    of_references = choose(of_references, LISTED, 1)
    # Its second row, so that it is not on the database that most proofs run on.
    return [*of_types, *of_references[1:2]]


@cache
def proofs() -> tuple[str, ...]:
    """All files of proofs, by their paths below `proofs`."""
    return tuple(sorted(one.relative_to(PROOFS).as_posix() for one in PROOFS.rglob("test_*.py")))


def shipped_tests(project: Project) -> tuple[str, ...]:
    """The test files that a project ships."""
    modules = project.python("tests")
    return tuple(path for path in modules if path.split("/")[-1].startswith("test_"))


def neighbour(project: Project, trees: Sequence[Project]) -> Project | None:
    """The project that has the default resources, and the same answers otherwise."""
    alike = [one for one in trees if one.combination.resources == "default"]
    answers = [project.combination[name] for name in QUESTIONS]
    fitting = [one for one in alike if [one.combination[name] for name in QUESTIONS] == answers]
    return fitting[0] if fitting else None


def changed(project: Project, other: Project) -> tuple[str, ...]:
    """The shipped tests that see the resources.

    They are those that the neighbour has not, or has otherwise, or that use a module of the tests
    of which that is true; and those that always do.
    """
    modules, known = project.python("tests"), other.python("tests")
    seen = {path for path, text in modules.items() if known.get(path) != text}
    while more := {path for path in modules if _uses(modules[path], seen)} - seen:
        seen |= more
    return tuple(path for path in shipped_tests(project) if path in seen or _sees_resources(path))


def _sees_resources(path: str) -> bool:
    return any(fnmatch(path, pattern) for pattern in SEES_RESOURCES)


def _uses(text: str, paths: set[str]) -> bool:
    return not paths.isdisjoint(_imported(text))


@cache
def _imported(text: str) -> frozenset[str]:
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    names = [f"{node.module}.{alias.name}" for node in nodes for alias in node.names]
    modules = {*names, *(node.module or "" for node in nodes)}
    return frozenset(f"{module.replace('.', '/')}.py" for module in modules)
