"""An unmodified project with a changed answer equals a fresh copy with that answer."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.matrix import HEADLINE, HEADLINES, Combination
from tests.questions.clone import git
from tests.update.conftest import Project
from tests.update.updating import content, update


def differing(before: Combination, after: Combination) -> dict[str, str]:
    """The answers that the second has and the first has not."""
    return {name: after[name] for name in HEADLINE if after[name] != before[name]}


FLIPS = [pair for pair in permutations(HEADLINES, 2) if len(differing(*pair)) == 1]


@pytest.mark.parametrize(("before", "after"), FLIPS, ids=lambda one: one.id)
def test_a_changed_answer_equals_a_fresh_copy(
    project: Project, fresh: Project, before: Combination, after: Combination
) -> None:
    changed = project(*(before[name] for name in HEADLINE))
    update(changed, **differing(before, after))
    assert content(changed) == content(fresh(*(after[name] for name in HEADLINE)))


def test_several_answers_can_change_at_once(project: Project, fresh: Project) -> None:
    changed = project("sqlite", "none")
    update(changed, database="postgresql", auth="jwt")
    assert content(changed) == content(fresh("postgresql", "jwt"))


def test_changed_texts_equal_a_fresh_copy(project: Project, fresh: Project) -> None:
    there_and_back = project("sqlite")
    update(there_and_back, project_name="Orders", license="Apache-2.0", author_name="Ada")
    assert "Apache License" in (there_and_back / "LICENSE").read_text()
    git(there_and_back, "commit", "--quiet", "--all", "--message", "Update")
    update(there_and_back, project_name="My API", license="MIT", author_name="The My API authors")
    assert content(there_and_back) == content(fresh("sqlite"))


@pytest.mark.parametrize("headline", HEADLINES, ids=lambda one: one.id)
def test_an_update_without_news_changes_nothing(project: Project, headline: Combination) -> None:
    unchanged = project(*(headline[name] for name in HEADLINE))
    update(unchanged)
    assert git(unchanged, "status", "--porcelain") == ""


def test_a_refused_answer_leaves_the_project_alone(project: Project) -> None:
    untouched = project("sqlite")
    with pytest.raises(ValueError, match="Invalid choice for 'database'"):
        update(untouched, database="oracle")
    with pytest.raises(Exception, match='There is no question "databse": write "database"'):
        update(untouched, databse="mysql")
    assert git(untouched, "status", "--porcelain") == ""
