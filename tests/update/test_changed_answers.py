"""An unmodified project with a changed answer equals a fresh copy with that answer."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.questions.clone import git
from tests.support.questions import choices
from tests.update.conftest import Project
from tests.update.updating import content, update

FLIPS = list(permutations(choices("database"), 2))


@pytest.mark.parametrize(("before", "after"), FLIPS)
def test_a_changed_database_equals_a_fresh_copy(
    project: Project, fresh: Project, before: str, after: str
) -> None:
    changed = project(before)
    update(changed, database=after)
    assert content(changed) == content(fresh(after))


def test_changed_texts_equal_a_fresh_copy(project: Project, fresh: Project) -> None:
    there_and_back = project("sqlite")
    update(there_and_back, project_name="Orders", license="Apache-2.0", author_name="Ada")
    assert "Apache License" in (there_and_back / "LICENSE").read_text()
    git(there_and_back, "commit", "--quiet", "--all", "--message", "Update")
    update(there_and_back, project_name="My API", license="MIT", author_name="The My API authors")
    assert content(there_and_back) == content(fresh("sqlite"))


@pytest.mark.parametrize("database", choices("database"))
def test_an_update_without_news_changes_nothing(project: Project, database: str) -> None:
    unchanged = project(database)
    update(unchanged)
    assert git(unchanged, "status", "--porcelain") == ""


def test_a_refused_answer_leaves_the_project_alone(project: Project) -> None:
    untouched = project("sqlite")
    with pytest.raises(ValueError, match="Invalid choice for 'database'"):
        update(untouched, database="oracle")
    with pytest.raises(Exception, match='There is no question "databse": write "database"'):
        update(untouched, databse="mysql")
    assert git(untouched, "status", "--porcelain") == ""
