"""Lays the proofs over a rendered project."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.questions import ROOT

PROOFS = ROOT / "proofs"


def lay_proofs(root: Path) -> Path:
    """Copy the proofs into a project, as its folder `proofs`."""
    unseen = shutil.ignore_patterns("__pycache__", "ruff.toml")
    return Path(shutil.copytree(PROOFS, root / "proofs", ignore=unseen, dirs_exist_ok=True))
