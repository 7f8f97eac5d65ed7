"""Every combination's own suite passes on its real database, with its coverage gate on."""

from __future__ import annotations

import time

import pytest

from tests.suites import servers
from tests.suites.conftest import WITHOUT, FindServer, Suites, required
from tests.suites.lanes import Verdict
from tests.suites.ledger import Ledger
from tests.support.project import UNSEEN, Project

PATIENCE = 10


def test_its_suite_passes(
    project: Project, suites: Suites, ledger: Ledger, pytestconfig: pytest.Config
) -> None:
    fingerprint = project.fingerprint
    if fingerprint not in suites:
        ledger.missing.add(WITHOUT[project.combination["database"]])
        (pytest.fail if required() else pytest.skip)(WITHOUT[project.combination["database"]])
    ledger.combinations[fingerprint] += 1
    future = suites[fingerprint]
    if future is None:
        ledger.resumed.add(fingerprint)
        return
    verdict = future.result()
    told = fingerprint in ledger.verdicts
    if not told:
        ledger.verdicts[fingerprint] = verdict
        say(pytestconfig, f"{project.combination.id}: {progress(verdict, ledger, suites)}")
    if verdict.code != 0 or (required() and verdict.count("skipped")):
        output = f"shown above, in {ledger.where[fingerprint]}" if told else verdict.output
        pytest.fail(f"The suite in {project.root} failed or skipped: {output}", pytrace=False)


def test_its_gate_is_on(project: Project) -> None:
    coverage = project.pyproject["tool"]["coverage"]
    assert coverage["run"]["branch"] is True
    assert coverage["report"]["fail_under"] >= 95
    assert "omit" not in {**coverage["run"], **coverage["report"]}


def test_its_suite_reads_no_file_that_the_fingerprint_leaves_out(project: Project) -> None:
    sources = project.python().items()
    seen = [
        (path, name)
        for path, text in sources
        for name in UNSEEN - {".env", "docs"}
        if f'"{name}' in text
    ]
    assert seen == []


@pytest.mark.parametrize("database", WITHOUT)
def test_no_suite_left_a_database_behind(
    database: str, suites: Suites, before: dict[str, set[str]], find_server: FindServer
) -> None:
    for future in suites.values():
        if future is not None:
            future.result()
    server = find_server(database)
    left = after(server, before[database]) if server else set()
    assert left == set()


def after(server: servers.Server, before: set[str]) -> set[str]:
    """The databases that are new, and still there after a while: others may use the server too."""
    deadline = time.monotonic() + PATIENCE
    while (left := servers.databases(server) - before) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


def progress(verdict: Verdict, ledger: Ledger, suites: Suites) -> str:
    """One line on one suite."""
    word = "passed" if verdict.code == 0 else "FAILED"
    done = f"{len(ledger.verdicts)} of {len(suites)} suites"
    return f"{word}, {verdict.count('passed')} tests, {verdict.wall:.1f} s ({done})"


def say(config: pytest.Config, line: str) -> None:
    """Print a line now, although output is captured."""
    capture = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n{line}", flush=True)
