"""Every combination's own suite passes on its real database; some with their coverage gate on."""

from __future__ import annotations

import time

import pytest

from tests.suites import servers
from tests.suites.conftest import WITHOUT, FindServer, Suites, missing, required
from tests.suites.lanes import Verdict
from tests.suites.ledger import Ledger
from tests.support.project import UNSEEN, Project

PATIENCE = 10


def test_its_suite_passes(
    project: Project,
    suites: Suites,
    ledger: Ledger,
    find_server: FindServer,
    pytestconfig: pytest.Config,
) -> None:
    fingerprint = project.fingerprint
    if fingerprint not in suites:
        reason = WITHOUT[missing(project, find_server)]
        ledger.missing.add(reason)
        (pytest.fail if required() else pytest.skip)(reason)
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
    folders = ("app", "migrations", "tests")
    sources = [one for folder in folders for one in project.python(folder).items()]
    seen = [
        (path, name) for path, text in sources for name in UNSEEN - {".env"} if f'"{name}' in text
    ]
    assert seen == []


@pytest.mark.parametrize("name", WITHOUT)
def test_no_suite_left_a_database_or_a_key_behind(
    name: str, suites: Suites, before: dict[str, set[str]], find_server: FindServer
) -> None:
    for future in suites.values():
        if future is not None:
            future.result()
    server = find_server(name)
    left = after(server, before[name]) if server else set()
    assert left == set()


def after(server: servers.Server, before: set[str]) -> set[str]:
    """What is new, and still there after a while: others may use the server too."""
    deadline = time.monotonic() + PATIENCE
    while (left := servers.left(server) - before) and time.monotonic() < deadline:
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
