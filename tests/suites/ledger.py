"""Remembers what ran where, and says it at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.suites.lanes import Verdict


@dataclass
class Ledger:
    """The suites of one run."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    combinations: Counter[str] = field(default_factory=Counter)
    where: dict[str, str] = field(default_factory=dict)
    resumed: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    seconds: float = 0.0

    def lines(self) -> Iterator[str]:
        """The summary."""
        for fingerprint, verdict in self.verdicts.items():
            tests = ", ".join(
                f"{verdict.count(word)} {word}"
                for word in ("passed", "failed", "skipped")
                if verdict.count(word) or word == "passed"
            )
            yield (
                f"{self.where[fingerprint]}: {tests}, for {self.combinations[fingerprint]} "
                f"combinations; {verdict.wall:.1f} s wall, {verdict.cpu:.1f} s CPU"
            )
        for fingerprint in sorted(self.resumed):
            yield f"{self.where[fingerprint]}: green before on the same content, not run again"
        for sentence in sorted(self.missing):
            yield f"NOT RUN: {sentence}"
        yield self._total()

    def _total(self) -> str:
        combinations = sum(self.combinations.values())
        tests = sum(verdict.count("passed") for verdict in self.verdicts.values())
        cpu = sum(verdict.cpu for verdict in self.verdicts.values())
        each = max(combinations, 1)
        return (
            f"{combinations} combinations, {len(self.combinations)} distinct suites, "
            f"{tests} tests passed in {self.seconds:.1f} s; "
            f"{self.seconds / each:.2f} s wall and {cpu / each:.2f} s CPU per combination"
        )
