"""What is called otherwise when a resource or a field gets another name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from tools.resources.rendering import Rendering

Specification = Mapping[str, Any]
Pair = tuple[Specification, Specification]

TITLES = ("title", "titles")
PATHS = ("path",)
CODES = (
    *("name", "plural", "class", "variable", "collection", "attribute", "alias"),
    *("compared", "enum", "table", "source", "target", "module"),
)
"""Where a specification says how a thing is called in sentences, addresses and code."""


@dataclass(frozen=True)
class Names:
    """What is called otherwise, by the former names.

    Attributes:
        variants: Names in code; the same with those in addresses, or in sentences.
        tables: Names of tables.
    """

    variants: Sequence[Mapping[str, str]] = ()
    tables: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether anything has another name."""
        return bool(self.variants)

    def moved(self, path: str) -> str:
        """Return where a file is that is called by such a name."""
        return next(self.renamed(path), path)

    def renamed(self, text: str) -> Iterator[str]:
        """Return a text with the new names: in code, in addresses, in sentences."""
        for names, pattern in zip(self.variants, self._patterns, strict=True):
            yield pattern.sub(partial(_replaced, names), text)

    def are_in(self, text: str) -> bool:
        """Tell whether a text says a former name."""
        return any(pattern.search(text) for pattern in self._patterns)

    @property
    def options(self) -> list[str]:
        """What the verb `makemigration` has to be told."""
        pairs = [f"rename={old}:{new}" for old, new in self.tables.items()]
        return [word for pair in pairs for word in ("-x", pair)]

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        return [
            re.compile("|".join(map(_whole, sorted(one, key=len, reverse=True))))
            for one in self.variants
        ]


def names_between(former: Rendering, future: Rendering) -> Names:
    """Compare resources that differ in names alone; their order is the same."""
    pairs = list(_pairs(former, future))
    codes = _differing(pairs, CODES)
    paths, titles = _differing(pairs, PATHS), _differing(pairs, TITLES)
    for old, new in pairs:
        if "article" in old and old["title"] != new["title"]:
            titles[f"{old['article']} {old['title']}"] = (
                f"{new['article']} {new['title']}"
            )
    titles |= {_capital(old): _capital(new) for old, new in titles.items()}
    kept = [pair for pair in pairs if {"plural", "pair"} & pair[0].keys()]
    tables = {old["table"]: new["table"] for old, new in kept}
    tables |= {old["former"]: new["former"] for old, new in pairs if old.get("former")}
    renamed = {old: new for old, new in tables.items() if old != new}
    return Names((codes, codes | paths, codes | titles), renamed)


def _pairs(former: Rendering, future: Rendering) -> Iterator[Pair]:
    entities = (former.entities.values(), future.entities.values())
    for old, new in zip(*entities, strict=True):
        yield old, new
        for kind in ("fields", "links"):
            yield from zip(old[kind], new[kind], strict=True)
    yield from zip(former.lists, future.lists, strict=True)


def _differing(pairs: Sequence[Pair], keys: Sequence[str]) -> dict[str, str]:
    return {
        old[key]: new[key]
        for old, new in pairs
        for key in keys
        if old.get(key) and old[key] != new[key]
    }


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _replaced(names: Mapping[str, str], found: re.Match[str]) -> str:
    return names[found[0]]


def _whole(word: str) -> str:
    """Find a name by itself or between underscores; a class in others, such as Read."""
    if word[0].isupper() and " " not in word:
        return rf"{re.escape(word)}(?![a-z0-9])"
    return rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])"
