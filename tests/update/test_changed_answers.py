"""An unmodified project with a changed answer equals a fresh copy with that answer."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.matrix import HEADLINE
from tests.questions.clone import git
from tests.support.questions import choices, questions
from tests.update.conftest import Project
from tests.update.flips import ALONE, BASES, FLIPS, Answers, differing, label, pairs
from tests.update.lists import LISTS
from tests.update.updating import content, update

PAIRS = pairs(8, seed=6)


def given(answers: Answers) -> dict[str, Any]:
    """The answers as an update takes them: a list of resources is not given by its name."""
    named = {"resources": LISTS[answers["resources"]]} if "resources" in answers else {}
    return {**answers, **named}


@pytest.mark.parametrize("flip", FLIPS + ALONE, ids=label)
def test_a_changed_answer_equals_a_fresh_copy(
    project: Project, fresh: Project, flip: tuple[Answers, Answers]
) -> None:
    before, after = flip
    changed = project(**before)
    update(changed, **differing(before, after))
    assert content(changed) == content(fresh(**after))


@pytest.mark.parametrize("pair", PAIRS, ids=label)
def test_any_answers_can_become_any_others(
    project: Project, fresh: Project, pair: tuple[Answers, Answers]
) -> None:
    before, after = pair
    changed = project(**before)
    update(changed, **given(differing(before, after)))
    assert content(changed) == content(fresh(**after))


def test_the_pairs_change_every_answer() -> None:
    changes = {(name, before[name], after[name]) for before, after in FLIPS for name in HEADLINE}
    assert changes == {
        (name, *values) for name in HEADLINE for values in permutations(choices(name), 2)
    }
    assert {name for pair in PAIRS for name in differing(*pair)} == set(questions())


def test_changed_texts_equal_a_fresh_copy(project: Project, fresh: Project) -> None:
    there_and_back = project("sqlite")
    update(there_and_back, project_name="Orders", license="Apache-2.0", author_name="Ada")
    assert "Apache License" in (there_and_back / "LICENSE").read_text()
    git(there_and_back, "commit", "--quiet", "--all", "--message", "Update")
    update(there_and_back, project_name="My API", license="MIT", author_name="The My API authors")
    assert content(there_and_back) == content(fresh("sqlite"))


def test_an_update_without_news_changes_nothing(project: Project) -> None:
    unchanged = project(**BASES[1])
    update(unchanged)
    assert git(unchanged, "status", "--porcelain") == ""


def test_a_refused_answer_leaves_the_project_alone(project: Project) -> None:
    untouched = project("sqlite")
    with pytest.raises(ValueError, match="Invalid choice for 'database'"):
        update(untouched, database="oracle")
    with pytest.raises(Exception, match='There is no question "databse": write "database"'):
        update(untouched, databse="mysql")
    assert git(untouched, "status", "--porcelain") == ""
