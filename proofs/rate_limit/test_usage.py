"""A counter that slides from one window into the next."""

import pytest

from app.core.rate_limit.limits import Limit

MINUTE = 60


def test_the_window_before_fades_out() -> None:
    limit = Limit(20, MINUTE)
    assert limit.left(10, 3, 60) == 7
    assert limit.left(10, 3, 45) == 9.5
    assert limit.left(10, 3, 0) == 17


@pytest.mark.parametrize(
    ("counts", "seconds"),
    [
        ((0, 9, 30), 0),
        ((10, 0, 60), 6),
        ((10, 5, 40), 16),
        ((0, 10, 15), 15 + 6),
        ((10, 10, 1), 1 + 6),
    ],
)
def test_who_waits_as_long_as_told_is_allowed_and_nobody_earlier(
    counts: tuple[int, int, float], seconds: float
) -> None:
    limit = Limit(10, MINUTE)
    assert limit.wait(*counts) == pytest.approx(seconds)
    if seconds:
        assert limit.left(*after(*counts, seconds - 0.1)) < 1
    assert limit.left(*after(*counts, seconds + 0.001)) >= 1


def after(
    previous: int, current: int, ends: float, seconds: float
) -> tuple[int, int, float]:
    if seconds < ends:
        return previous, current, ends - seconds
    return current, 0, ends + MINUTE - seconds
