"""What answers say of limits."""

from app.core.rate_limit.limits import LimitResult, Policy, limit_headers, parse_limits


def test_the_fields_of_the_draft() -> None:
    policy = Policy("default", parse_limits("10/minute;100/hour"))
    result = LimitResult([(6.5, 39.1), (3.0, 3000.0)])
    assert dict(limit_headers(policy, result)) == {
        b"ratelimit-policy": b'"default-60";q=10;w=60, "default-3600";q=100;w=3600',
        b"ratelimit": b'"default-60";r=6;t=40, "default-3600";r=3;t=3000',
    }
