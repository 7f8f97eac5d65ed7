"""Reads a page of documentation, and does what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"(?ms)^```(\w+)\n(.*?)^```$")
NAMED = re.compile(r"`([\w./]+\.py)`")
"""A file: what follows is what is in it, or what changes in it."""


@dataclass(frozen=True)
class Block:
    """What is between fences, and the file that was named last before it."""

    language: str
    text: str
    path: str


def blocks(page: str) -> Iterator[Block]:
    """Return the blocks of a page."""
    path, end = "", 0
    for found in BLOCK.finditer(page):
        if names := NAMED.findall(page[end : found.start()]):
            path = names[-1]
        end = found.end()
        yield Block(found[1], found[2], path)


def follow(block: Block, project: Path) -> None:
    """Write a new file, or change one."""
    path = project / block.path
    if block.language == "python":
        assert not path.exists(), path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text)
        return
    before, after = side(block.text, without="+"), side(block.text, without="-")
    text = path.read_text()
    assert text.count(before) == 1, (block.path, before)
    path.write_text(text.replace(before, after))


def side(diff: str, *, without: str) -> str:
    """Return how a part of a file was, or will be; blank lines have no mark."""
    lines = (line for line in diff.splitlines(keepends=True) if line[0] != without)
    return "".join(line if line == "\n" else line[1:] for line in lines)
