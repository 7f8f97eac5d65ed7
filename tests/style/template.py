"""The template's files, and the tags in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.questions import ROOT

TEMPLATE = ROOT / "template"
EXTENSIONS = ROOT / "extensions"
YIELD = re.compile(r"\{% yield (\w+) from (\w+) %\}\{\{ \1\.(\w+) \}\}\{% endyield %\}")
"""A part of a path that comes once for each thing in an answer, named by one of its values."""

TAG = re.compile(r"\{%-?\s*(.*?)\s*-?%\}")
FLOW = re.compile(r"\{%-?\s*(?:if|elif|else|endif|for|endfor|macro|include|call)\b")
NAMING = re.compile(r"\{%-?\s*(?:set|from|import)\b")
CONTROL = re.compile(f"{FLOW.pattern}|{NAMING.pattern}")


@dataclass(frozen=True)
class Source:
    """One file of the template."""

    path: str
    text: str

    @property
    def is_python(self) -> bool:
        """Whether a Python file comes out of it."""
        return self.path.endswith((".py", ".py.jinja"))

    @property
    def is_of_resource(self) -> bool:
        """Whether it comes once per resource, and has a budget of its own for tags."""
        return YIELD.search(self.path) is not None

    @property
    def is_rendered(self) -> bool:
        """Whether Jinja reads it."""
        return self.path.endswith(".jinja")

    @property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.text.splitlines()

    @property
    def has_tag(self) -> bool:
        """Whether anything in it depends on an answer."""
        return self.is_rendered and ("{%" in self.text or "{{" in self.text)

    @property
    def tags(self) -> list[tuple[int, str, str]]:
        """Its control tags: line number, whole line, what stands between the braces."""
        numbered = enumerate(self.lines, 1) if self.is_rendered else ()
        return [(n, line, tag) for n, line in numbered for tag in TAG.findall(line)]


@cache
def sources() -> tuple[Source, ...]:
    """All text files of the template, in the order of their paths."""
    paths = [path for path in sorted(TEMPLATE.rglob("*")) if path.is_file() and _is_source(path)]
    texts = {path: path.read_bytes() for path in paths}
    return tuple(
        Source(path.relative_to(TEMPLATE).as_posix(), raw.decode())
        for path, raw in texts.items()
        if b"\0" not in raw
    )


def python() -> list[Source]:
    """The template's Python files, but for the per-resource ones."""
    return [one for one in sources() if one.is_python and not one.is_of_resource]


def of_resources() -> list[Source]:
    """The Python files that come once per resource."""
    return [one for one in sources() if one.is_python and one.is_of_resource]


def _is_source(path: Path) -> bool:
    return "__pycache__" not in path.parts
