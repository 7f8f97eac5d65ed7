"""The corners are begun before anything else is tested, and go on beside it."""

from __future__ import annotations

from tests.installed.conftest import Outcomes


def test_the_corners_are_begun(outcomes: Outcomes) -> None:
    assert [one for one in outcomes.values() if one.cancelled()] == []
