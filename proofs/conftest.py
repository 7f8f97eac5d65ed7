"""Loads what the proofs of this project use, and leaves out those that do not apply."""

import pytest

from proofs.conditions import ignored, plugins

pytest_plugins = plugins()
collect_ignore = ignored()


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave out what this project has no case of: it misses nothing that could be started."""
    empty = [one for one in items if is_without_cases(one)]
    config.hook.pytest_deselected(items=empty)
    items[:] = [one for one in items if one not in empty]


def is_without_cases(item: pytest.Item) -> bool:
    """Tell whether a test has parameters, and not a single set of them."""
    reasons = (mark.kwargs.get("reason", "") for mark in item.iter_markers("skip"))
    return any(one.startswith("got empty parameter set") for one in reasons)
