"""Lays tests over a rendered project that it does not ship."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.questions import ROOT

PROOFS = ROOT / "proofs"
LENT = (
    "app/core/fields/dates.py",
    "app/core/fields/decimals.py",
    "app/core/fields/email.py",
    "app/core/fields/integers.py",
    "app/core/fields/json_object.py",
    "app/core/fields/lower_case_email.py",
    "app/core/fields/url.py",
    "app/core/resource/references.py",
    "app/core/resource/soft_deletion.py",
    "app/db/choice.py",
)
"""What projects have only if they use it, and the samples of proofs always need."""

BOOT = "boot/test_boot.py"
"""Where the tests stand that start a project and call it."""


def lend(root: Path) -> None:
    """Copy into a project what the samples of proofs need, and it has not."""
    for name in LENT:
        if not (root / name).exists():
            shutil.copy(ROOT / "template" / name, root / name)


def lay_proofs(root: Path) -> Path:
    """Copy the proofs into a project, as its folder `proofs`."""
    unseen = shutil.ignore_patterns("__pycache__", "ruff.toml")
    return Path(shutil.copytree(PROOFS, root / "proofs", ignore=unseen, dirs_exist_ok=True))


def lay_boot(root: Path) -> Path:
    """Copy the tests that start a project into it."""
    target = root / BOOT
    target.parent.mkdir(exist_ok=True)
    (target.parent / "__init__.py").touch()
    return Path(shutil.copy(PROOFS / "boot.py", target))
