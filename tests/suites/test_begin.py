"""Suites and proofs begin before anything else is tested, and run beside it."""

from __future__ import annotations

from tests.suites.conftest import Runs


def test_the_suites_begin(runs: Runs) -> None:
    started = [run.verdict for found in runs.values() for run in found]
    assert [one for one in started if one and one.cancelled()] == []
