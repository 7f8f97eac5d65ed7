"""Templates that are cloned and read once, for all copies and updates of one process.

An update clones the same commit five times, and reads its questions as often.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from copier._template import Template

_known: dict[tuple[str, ...], Template] = {}


class _Shared(Template):
    def _cleanup(self) -> None:
        """Leave the clone to others; `drop` removes it."""


def share(url: str, ref: str | None = None, use_prereleases: bool = False) -> Template:
    """A template as Copier makes it, or one of the same repository, revision and references.

    What stands in a working tree, or is in no repository, can change: it is never shared.
    """
    if ref == "HEAD" or not Path(url, ".git").is_dir():
        return Template(url, ref, use_prereleases)
    key = (url, str(ref), str(use_prereleases), _references(url))
    if key not in _known:
        _known[key] = _Shared(url, ref, use_prereleases)
    return _known[key]


def known() -> list[Template]:
    """The templates that are shared so far."""
    return list(_known.values())


def drop(but: Sequence[Template] = ()) -> None:
    """Remove all clones but these."""
    for key, one in list(_known.items()):
        if one not in but:
            del _known[key]
            Template._cleanup(one)


def _references(repository: str) -> str:
    command = ["git", "-C", repository, "show-ref", "--head"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
