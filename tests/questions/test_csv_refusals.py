"""What a resource cannot have as CSV is refused, a sentence for each mistake."""

from __future__ import annotations

import pytest
import yaml

from tests.questions.libraries import library

KEYS = {
    "5": "task has 5 as csv; write export, import, or both.",
    "true": "task has true as csv; write export, import, or both.",
    "[export, 5]": "task has a list as csv; write export, import, or both.",
    "[]": "task has nothing in csv; write export, import, or both, or leave csv out.",
    "exprot": 'task has "exprot" in csv; write export, import, or both.',
    "[import, import]": "task has something twice in csv; leave one out.",
    "export": (
        "task has export in csv, but not list in its operations; add that, or leave export out of "
        "csv."
    ),
}


def refusal(given: str) -> str:
    """What is said of a task without a list."""
    answer = f"[{{name: task, operations: 'read, create', csv: {given}, fields: {{one: str}}}}]"
    found: str = library("resources").refusal(yaml.safe_load(answer))
    return found


@pytest.mark.parametrize(("given", "sentence"), KEYS.items())
def test_what_is_nothing_to_do_with_csv_is_refused(given: str, sentence: str) -> None:
    assert refusal(given) == sentence


@pytest.mark.parametrize("given", ["import", "[import]", "' import '", "~"])
def test_what_a_resource_does_can_be_done_by_csv(given: str) -> None:
    assert refusal(given) == ""
