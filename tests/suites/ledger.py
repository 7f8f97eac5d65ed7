"""Remembers what ran where, and says it at the end."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field

from tests.suites.lanes import Verdict
from tests.suites.plan import KINDS, Task

HEADER = ("", "run", "reused", "tests", "CPU min")


@dataclass(frozen=True)
class Run:
    """A task and its verdict; there is none where all of it was green before.

    Attributes:
        keys: The key of each file's result.
    """

    task: Task
    keys: dict[str, str]
    where: str
    verdict: Future[Verdict] | None

    @property
    def ended(self) -> Verdict | None:
        """The verdict, if there is one by now."""
        done = self.verdict and self.verdict.done() and not self.verdict.cancelled()
        return self.verdict.result() if self.verdict and done else None


@dataclass
class Ledger:
    """What one run of everything did."""

    runs: list[Run] = field(default_factory=list)
    combinations: set[str] = field(default_factory=set)
    trees: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    told: list[Run] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The summary: each task, then the figures of all."""
        for run in self.runs:
            if verdict := run.ended:
                yield f"{run.where}: {counted(verdict)}, {verdict.cpu:.1f} s CPU"
        for sentence in sorted(self.missing):
            yield f"NOT RUN: {sentence}"
        yield f"{len(self.combinations)} combinations, {len(self.trees)} distinct trees"
        yield row(HEADER)
        for kind in KINDS:
            yield row(self.figures(kind))
        yield row(("everything", "", "", "", f"{used() / 60:.1f}"))

    def figures(self, kind: str) -> tuple[str, ...]:
        """What ran of one kind: projects, files that were green before, tests, CPU minutes."""
        runs = [run for run in self.runs if run.task.kind == kind]
        verdicts = [verdict for run in runs if (verdict := run.ended)]
        ran = sum(verdict.files for verdict in verdicts)
        files = sum(len(run.task.files) for run in runs)
        tests = sum(verdict.count("passed") for verdict in verdicts)
        cpu = sum(verdict.cpu for verdict in verdicts) / 60
        return kind, f"{ran} files on {len(verdicts)}", str(files - ran), str(tests), f"{cpu:.1f}"


def counted(verdict: Verdict) -> str:
    """How many tests passed, failed and were skipped."""
    words = [one for one in ("passed", "failed", "skipped") if verdict.count(one)]
    return ", ".join(f"{verdict.count(word)} {word}" for word in words) or "nothing passed"


def row(cells: tuple[str, ...]) -> str:
    """A row of the table."""
    return f"{cells[0]:<12}{cells[1]:>20}{cells[2]:>10}{cells[3]:>10}{cells[4]:>10}"


def used() -> float:
    """The seconds of CPU of this process, and of all that it started and that ended."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    usages = [resource.getrusage(one) for one in whose]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
