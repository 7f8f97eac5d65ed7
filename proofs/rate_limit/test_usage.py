"""A counter that slides from one window into the next."""

import pytest

from app.core.rate_limit.limits import Usage

MINUTE = 60


def test_the_window_before_fades_out() -> None:
    assert Usage(10, 3, 0).left(20, MINUTE) == (7, 60)
    assert Usage(10, 3, 15).left(20, MINUTE) == (9.5, 45)
    assert Usage(10, 3, 60).left(20, MINUTE) == (17, 0)


@pytest.mark.parametrize(
    ("usage", "seconds"),
    [
        (Usage(0, 9, 30), 0),
        (Usage(10, 0, 0), 6),
        (Usage(10, 5, 20), 16),
        (Usage(0, 10, 45), 15 + 6),
        (Usage(10, 10, 59), 1 + 6),
    ],
)
def test_who_waits_as_long_as_told_is_allowed_and_nobody_earlier(
    usage: Usage, seconds: float
) -> None:
    assert usage.wait(10, MINUTE, 1) == pytest.approx(seconds)
    if seconds:
        assert after(usage, seconds - 0.1).left(10, MINUTE)[0] < 1
    assert after(usage, seconds + 0.001).left(10, MINUTE)[0] >= 1


def after(usage: Usage, seconds: float) -> Usage:
    elapsed = usage.elapsed + seconds
    if elapsed < MINUTE:
        return usage._replace(elapsed=elapsed)
    return Usage(usage.current, 0, elapsed - MINUTE)
