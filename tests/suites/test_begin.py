"""The suites begin before anything else is tested, and run beside it."""

from __future__ import annotations

from tests.suites.conftest import Suites


def test_the_suites_begin(suites: Suites) -> None:
    assert [one for one in suites.values() if one and one.cancelled()] == []
