"""A project whose verbs are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.matrix import headline
from tests.support.render import render


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of its own for each test, since a verb may write."""
    return render(headline(database="sqlite").answers, tmp_path / "orders-api")
