"""What answers say of limits."""

import time

from app.core.rate_limit.limits import Verdict, limit_headers, make_policy, parse_limits

POLICY = make_policy("default", parse_limits("10/minute;100/hour"), 1)
VERDICT = Verdict([(6.5, 39.1), (3.0, 3000.0)])


def test_the_fields_of_the_draft() -> None:
    assert dict(limit_headers(POLICY, VERDICT, older=False)) == {
        b"ratelimit-policy": b'"default-60";q=10;w=60, "default-3600";q=100;w=3600',
        b"ratelimit": b'"default-60";r=6;t=40, "default-3600";r=3;t=3000',
    }


def test_the_older_fields_tell_of_the_limit_that_is_nearest() -> None:
    before = int(time.time())
    headers = dict(limit_headers(POLICY, VERDICT, older=True))
    assert (headers[b"x-ratelimit-limit"], headers[b"x-ratelimit-remaining"]) == (
        b"100",
        b"3",
    )
    assert before <= int(headers[b"x-ratelimit-reset"]) - 3000 <= int(time.time())
