"""The matrix follows the questions."""

from __future__ import annotations

from tests import matrix
from tests.matrix import AWKWARD, COMBINATIONS, COVERED, HEADLINE, LABELS, STRENGTH, TEXTS
from tests.support.covering import legal_tuples
from tests.support.questions import choices, is_choice, questions


def test_every_question_is_known() -> None:
    known = {*HEADLINE, *COVERED, *TEXTS}
    assert set(questions()) == known


def test_every_dimension_is_a_choice_and_every_text_is_not() -> None:
    assert [name for name in HEADLINE + COVERED if not is_choice(name)] == []
    assert [name for name in TEXTS if is_choice(name)] == []
    assert set(AWKWARD) == set(TEXTS)


def test_every_label_names_a_value_that_is_offered() -> None:
    offered = {(name, value) for name in LABELS for value in choices(name)}
    labelled = {(name, value) for name, labels in LABELS.items() for value in labels}
    assert labelled <= offered


def test_ids_are_unique() -> None:
    ids = [one.id for one in COMBINATIONS]
    assert len(ids) == len(set(ids))


def test_the_first_id_is_the_defaults() -> None:
    assert COMBINATIONS[0].id == matrix.name(
        {name: choices(name)[0] for name in HEADLINE}, HEADLINE
    )


def test_every_combination_is_legal() -> None:
    assert [one.id for one in COMBINATIONS if not matrix.legal(one.answers)] == []


def test_every_legal_triple_is_shown() -> None:
    values = {name: choices(name) for name in HEADLINE + COVERED}
    defaults = {name: choices(name)[0] for name in values}
    shown = [set((defaults | dict(one.answers)).items()) for one in COMBINATIONS]
    expected = legal_tuples(values, STRENGTH, matrix.legal)
    assert [one for one in expected if not any(set(one) <= row for row in shown)] == []
