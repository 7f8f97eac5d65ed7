"""The projects on which the style of rendered code is measured."""

from __future__ import annotations

import pytest

from tests.conftest import Render
from tests.matrix import HEADLINES, Combination
from tests.support.project import Project


@pytest.fixture(params=HEADLINES, ids=lambda one: one.id)
def headline(request: pytest.FixtureRequest, project_of: Render) -> Project:
    """A project of each headline combination."""
    combination: Combination = request.param
    return project_of(combination)
