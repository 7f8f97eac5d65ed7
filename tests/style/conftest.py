"""The projects on which the style of rendered code is measured."""

from __future__ import annotations

import pytest

from tests.conftest import Render
from tests.matrix import HEADLINES, LISTS, PAIRS, Combination, headline
from tests.support.project import Project

WITH_LISTS = [headline(resources, auth=auth) for resources in LISTS for auth in ("jwt", "none")]
"""Of a database, the files of a resource hold nothing."""


@pytest.fixture(params=HEADLINES, ids=lambda one: one.id)
def each(request: pytest.FixtureRequest, project_of: Render) -> Project:
    """A project of each headline combination, for what costs nothing."""
    combination: Combination = request.param
    return project_of(combination)


@pytest.fixture(params=PAIRS, ids=lambda one: one.id)
def usual(request: pytest.FixtureRequest, project_of: Render) -> Project:
    """A project for each two headline answers."""
    combination: Combination = request.param
    return project_of(combination)


@pytest.fixture(params=[*PAIRS, *WITH_LISTS], ids=lambda one: one.id)
def measured(request: pytest.FixtureRequest, project_of: Render) -> Project:
    """A project for each two headline answers, and for each list of resources."""
    combination: Combination = request.param
    return project_of(combination)
