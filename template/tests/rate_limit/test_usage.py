"""A counter that slides from one window into the next."""

import pytest

from app.core.rate_limit.policies import make_policy
from app.core.rate_limit.usage import Usage, Verdict
from app.core.settings.rate_limit import parse_limits

MINUTE = 60


def test_the_window_before_fades_out() -> None:
    assert Usage(10, 3, 0).weight(MINUTE) == 13
    assert Usage(10, 3, 15).weight(MINUTE) == 10.5
    assert Usage(10, 3, 60).weight(MINUTE) == 3


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
        assert not after(usage, seconds - 0.1).allows(10, MINUTE, 1)
    assert after(usage, seconds + 0.001).allows(10, MINUTE, 1)


def after(usage: Usage, seconds: float) -> Usage:
    elapsed = usage.elapsed + seconds
    if elapsed < MINUTE:
        return usage._replace(elapsed=elapsed)
    return Usage(usage.current, 0, elapsed - MINUTE)


def test_the_longest_of_all_waits_counts_in_whole_seconds() -> None:
    policy = make_policy("default", parse_limits("1/second;10/minute"), 1)
    verdict = Verdict(is_allowed=False, usages=[Usage(0, 1, 0.5), Usage(10, 5, 20)])
    assert verdict.retry_after(policy) == 16
    assert verdict.remaining(policy) == [(0, 1), (0, 40)]
