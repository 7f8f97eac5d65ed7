"""A project holds nothing of an answer that was not chosen, and no trace of a generator."""

from __future__ import annotations

from typing import Any

import yaml

from tests.matrix import COVERED, HEADLINE
from tests.support.leftovers import TRACES, TRACES_ALLOWED, WORDS, hits, left
from tests.support.project import SECRET, Project
from tests.support.questions import choices


def answers_of(project: Project) -> dict[str, Any]:
    answers: dict[str, Any] = yaml.safe_load(project.texts[".copier-answers.yml"])
    return answers


def readable(project: Project) -> dict[str, str]:
    return {n: t for n, t in project.texts.items() if n not in {".copier-answers.yml", SECRET}}


def test_nothing_is_left_of_an_answer_not_chosen(project: Project) -> None:
    assert left(answers_of(project), readable(project)) == []


def test_no_trace_of_the_template_is_left(project: Project) -> None:
    found = [hit for word in TRACES for hit in hits(word, readable(project), TRACES_ALLOWED)]
    assert found == []


def test_the_answers_file_holds_the_answers(project: Project) -> None:
    chosen = dict(project.combination.answers)
    assert chosen.items() <= answers_of(project).items()


def test_every_answer_has_words_that_betray_it() -> None:
    unnamed, nothing = {"python_version"}, {(q, "none") for q in ("rate_limit", "docker", "ci")}
    expected = {(q, value) for q in HEADLINE + COVERED for value in choices(q) if q not in unnamed}
    assert expected - nothing <= {
        (question, value) for question, *values in WORDS for value in values
    }
