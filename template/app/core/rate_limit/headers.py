"""What answers say of limits (draft-ietf-httpapi-ratelimit-headers-10)."""

import math
import time
from collections.abc import Iterator

from app.core.rate_limit.policies import Policy
from app.core.rate_limit.usage import Verdict

HeaderList = list[tuple[bytes, bytes]]

NAMES = ("RateLimit", "RateLimit-Policy")
OLDER_NAMES = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def limit_headers(policy: Policy, verdict: Verdict, *, older: bool) -> HeaderList:
    """Say how much is left of each limit (`r`), and for how many seconds that holds (`t`).

    Args:
        policy: The limits.
        verdict: What is left of them.
        older: Whether the fields that were in use before the draft are sent as well.
    """
    left = [(max(0, int(free)), math.ceil(ends)) for free, ends in verdict.left]
    items = [
        f'"{name}";r={remaining};t={reset}'
        for name, (remaining, reset) in zip(policy.names, left, strict=True)
    ]
    headers = [(b"ratelimit-policy", policy.header), (b"ratelimit", ", ".join(items).encode())]
    if older:
        headers += older_headers(policy, left)
    return headers


def older_headers(policy: Policy, left: list[tuple[int, int]]) -> Iterator[tuple[bytes, bytes]]:
    """Say the same of the limit of which the least is left; its end is a time (Unix)."""
    (remaining, reset), amount = min(
        (pair, amount) for pair, (amount, _) in zip(left, policy.windows, strict=True)
    )
    values = (amount, remaining, int(time.time()) + reset)
    for name, value in zip(OLDER_NAMES, values, strict=True):
        yield name.lower().encode(), str(value).encode()
