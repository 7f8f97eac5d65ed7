"""What a route allows, as a rule that requests are counted by."""

from dataclasses import dataclass
from functools import cached_property

from app.core.settings.rate_limit import Limits

BY_DEFAULT = "default"


@dataclass(frozen=True)
class Policy:
    """Limits that hold together: a request must be within each of them.

    Attributes:
        name: What is counted together, and what the headers call it.
        limits: How much is allowed within which time.
        cost: For how many requests one counts.
        by_client: Whether requests are counted by the client's address, whoever the caller is.
    """

    name: str
    limits: Limits
    cost: int = 1
    by_client: bool = False

    @cached_property
    def windows(self) -> tuple[tuple[int, int], ...]:
        """Each limit as its amount and the seconds for which it holds, the shortest first."""
        return tuple((limit.amount, limit.get_expiry()) for limit in self.limits)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """How the headers name each limit."""
        if len(self.limits) == 1:
            return (self.name,)
        return tuple(f"{self.name}-{seconds}" for _, seconds in self.windows)

    @cached_property
    def header(self) -> bytes:
        """How much each limit allows (`q`) within how many seconds (`w`), as a header says it."""
        items = zip(self.names, self.windows, strict=True)
        texts = (f'"{name}";q={amount};w={seconds}' for name, (amount, seconds) in items)
        return ", ".join(texts).encode()


def make_policy(name: str, limits: Limits, cost: int, *, by_client: bool = False) -> Policy:
    """Make a policy.

    Raises:
        ValueError: If no request could ever be within its limits.
    """
    if not 1 <= cost <= min(limit.amount for limit in limits):
        raise ValueError(f"The cost of {name} must be 1 or more, and within each of its limits.")
    return Policy(name, limits, cost, by_client)
