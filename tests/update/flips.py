"""Sets of answers that a project has one after the other."""

from __future__ import annotations

from itertools import pairwise, permutations
from random import Random

from tests.matrix import AWKWARD, COVERED, HEADLINE, TEXTS
from tests.support.questions import choices
from tests.update.lists import LISTS

Answers = dict[str, str]

BASES = [dict(zip(HEADLINE, row, strict=True)) for row in zip(*map(choices, HEADLINE), strict=True)]
"""Three sets of headline answers that differ in all of them."""

FLIPS = list(permutations(BASES, 2))
"""Between them, every change of every headline answer."""

ALONE = [(BASES[0], BASES[0] | {question: BASES[1][question]}) for question in HEADLINE]
"""One headline answer changes, and the others stay."""


def anything(random: Random) -> Answers:
    """Answer every question at random; of resources it is the name of a list."""
    texts = {name: random.choice([TEXTS[name], AWKWARD[name]]) for name in TEXTS}
    chosen = {name: random.choice(choices(name)) for name in HEADLINE + COVERED}
    return texts | chosen | {"resources": random.choice(list(LISTS))}


def pairs(count: int, seed: int) -> list[tuple[Answers, Answers]]:
    """Random pairs of whole sets of answers; the second of each is the first of the next."""
    random = Random(seed)  # noqa: S311
    return list(pairwise(anything(random) for _ in range(count + 1)))


def differing(before: Answers, after: Answers) -> Answers:
    """The answers that the second has and the first has not."""
    return {name: value for name, value in after.items() if before[name] != value}


def label(pair: tuple[Answers, Answers]) -> str:
    """Name a pair by the headline answers that change."""
    before, after = pair
    changed = [name for name in differing(before, after) if name in HEADLINE]
    return ",".join(f"{before[name]}>{after[name]}" for name in changed) or "others"
