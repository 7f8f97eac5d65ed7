"""A person at a terminal is asked plain questions and can mend an answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.questions.test_copying import DEFAULTS, answers_of
from tests.support.questions import questions

ENTER = "\r"
ERASE = "\x15"


@pytest.fixture
def terminal(template: Path, destination: Path) -> Iterator[pexpect.spawn[str]]:
    """The command `copier copy` in a pseudo-terminal."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "copier", "copy", str(template), str(destination)],
        env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
        encoding="utf-8",
        dimensions=(50, 200),
        timeout=20,
    )
    yield child
    child.close(force=True)


def accept(terminal: pexpect.spawn[str], *names: str) -> None:
    """Take what is proposed at each of these questions."""
    for name in names:
        terminal.expect_exact(questions()[name]["help"].splitlines()[0])
        terminal.send(ENTER)


def test_pressing_enter_all_the_way_makes_a_project(
    terminal: pexpect.spawn[str], destination: Path
) -> None:
    accept(terminal, *questions())
    terminal.expect_exact("uv run just check")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert answers_of(destination) == DEFAULTS


def test_a_bad_answer_is_explained_and_can_be_mended(
    terminal: pexpect.spawn[str], destination: Path
) -> None:
    terminal.expect_exact(questions()["project_name"]["help"].splitlines()[0])
    terminal.send(ERASE + 'My "API"' + ENTER)
    terminal.expect_exact("Remove quotes, backticks, backslashes, braces, angle brackets and")
    terminal.send(ERASE + "Orders" + ENTER)
    accept(terminal, *list(questions())[1:])
    terminal.expect(pexpect.EOF)
    assert answers_of(destination)["project_name"] == "Orders"
    assert answers_of(destination)["project_slug"] == "orders"


def test_choices_say_what_they_lead_to(terminal: pexpect.spawn[str]) -> None:
    *others, last = questions()
    accept(terminal, *others)
    for label in questions()[last]["choices"]:
        terminal.expect_exact(label)


def test_leaving_before_the_end_writes_nothing(
    terminal: pexpect.spawn[str], destination: Path
) -> None:
    accept(terminal, "project_name", "project_slug")
    terminal.expect_exact(questions()["description"]["help"].splitlines()[0])
    terminal.sendintr()
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 1
    assert not destination.exists()


WIDTH = 80
BEFORE_HELP, BEFORE_LABEL = 2, 3
"""Columns that a terminal shows before a question, and before an answer."""


def test_no_question_and_no_answer_is_cut_off_in_a_usual_terminal() -> None:
    helps = [line for one in questions().values() for line in one["help"].splitlines()]
    labels = [label for one in questions().values() for label in one.get("choices", ())]
    assert [one for one in helps if len(one) + BEFORE_HELP >= WIDTH] == []
    assert [one for one in labels if len(one) + BEFORE_LABEL >= WIDTH] == []
