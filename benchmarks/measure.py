"""Lets targets take turns, so that whatever slows the machine down slows all of them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from benchmarks.bare import POOL_SIZE
from benchmarks.server import Sample, Server

Targets = dict[str, Server]


@dataclass(frozen=True)
class Row:
    """The medians of one target, and its ratios to the first target of the same round."""

    per_second: float
    cpu_us: float
    ratio: float
    cpu_ratio: float


def measure(targets: Targets, path: str, rounds: int, seconds: float) -> dict[str, Row]:
    """Send bursts to each target in turn.

    Args:
        targets: What to compare with the first of them.
        path: What to ask for.
        rounds: How many bursts each target gets, after one that warms it up.
        seconds: Length of a burst.
    """
    samples: dict[str, list[Sample]] = {name: [] for name in targets}
    for server in targets.values():
        server.load(path, seconds / 2, POOL_SIZE)
    for number in range(rounds):
        # Every other round goes backwards: nobody always follows the same neighbour.
        for name, server in list(targets.items())[:: -1 if number % 2 else 1]:
            samples[name].append(server.load(path, seconds, POOL_SIZE))
    first = next(iter(samples.values()))
    return {name: summary(found, first) for name, found in samples.items()}


def summary(samples: list[Sample], first: list[Sample]) -> Row:
    """Give the medians over the rounds."""
    pairs = list(zip(samples, first, strict=True))
    return Row(
        per_second=median(one.per_second for one in samples),
        cpu_us=median(one.cpu_us for one in samples),
        ratio=median(one.per_second / other.per_second for one, other in pairs),
        cpu_ratio=median(other.cpu_us / one.cpu_us for one, other in pairs),
    )
