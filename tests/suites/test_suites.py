"""Every distinct tree starts; suites and proofs pass, on real databases, where they are planned."""

from __future__ import annotations

import time

import pytest

from tests.suites import servers
from tests.suites.conftest import WITHOUT, FindServer, Runs, missing, required
from tests.suites.lanes import Verdict
from tests.suites.ledger import Ledger, Run, counted
from tests.support.project import UNSEEN, Project

PATIENCE = 10


def test_its_tests_pass(
    project: Project,
    runs: Runs,
    ledger: Ledger,
    find_server: FindServer,
    pytestconfig: pytest.Config,
) -> None:
    if project.fingerprint not in runs:
        reason = WITHOUT[missing(project, find_server)]
        ledger.missing.add(reason)
        (pytest.fail if required() else pytest.skip)(reason)
    failed = [
        f"{run.where}, in {run.task.project.root}:\n{output}"
        for run in runs[project.fingerprint]
        if (output := failure(run, ledger, pytestconfig))
    ]
    if failed:
        pytest.fail("\n".join(failed), pytrace=False)


def failure(run: Run, ledger: Ledger, config: pytest.Config) -> str:
    """What a task said if it failed or skipped; it says it once."""
    if run.verdict is None:
        return ""
    verdict = run.verdict.result()
    is_first = run not in ledger.told
    if is_first:
        ledger.told.append(run)
        say(config, f"{run.where}: {progress(verdict, ledger)}")
    is_fine = verdict.code == 0 and not (required() and verdict.count("skipped"))
    if is_fine:
        return ""
    return verdict.output if is_first else "shown above"


def test_its_gate_is_on(project: Project) -> None:
    coverage = project.pyproject["tool"]["coverage"]
    assert coverage["run"]["branch"] is True
    assert coverage["report"]["fail_under"] >= 95


def test_no_test_reads_a_file_that_the_fingerprint_leaves_out(project: Project) -> None:
    folders = ("app", "migrations", "tests")
    sources = [one for folder in folders for one in project.python(folder).items()]
    seen = [
        (path, name) for path, text in sources for name in UNSEEN - {".env"} if f'"{name}' in text
    ]
    assert seen == []


@pytest.mark.parametrize("name", WITHOUT)
def test_no_suite_left_a_database_or_a_key_behind(
    name: str, runs: Runs, before: dict[str, set[str]], find_server: FindServer
) -> None:
    for run in (run for found in runs.values() for run in found):
        if run.verdict is not None:
            run.verdict.result()
    server = find_server(name)
    left = after(server, before[name]) if server else set()
    assert left == set()


def after(server: servers.Server, before: set[str]) -> set[str]:
    """What is new, and still there after a while: others may use the server too."""
    deadline = time.monotonic() + PATIENCE
    while (left := servers.left(server) - before) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


def progress(verdict: Verdict, ledger: Ledger) -> str:
    """One line on one task."""
    word = "passed" if verdict.code == 0 else "FAILED"
    started = sum(run.verdict is not None for run in ledger.runs)
    done = f"{len(ledger.told)} of {started}"
    return f"{word}, {counted(verdict)}, {verdict.wall:.1f} s ({done})"


def say(config: pytest.Config, line: str) -> None:
    """Print a line now, although output is captured."""
    capture = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n{line}", flush=True)
