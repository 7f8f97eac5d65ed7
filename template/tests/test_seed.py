"""Sample data."""

import pytest

from app.config import Settings
from tests.fixtures.commands import Run
from tests.fixtures.database import alembic, find_heads


@pytest.fixture
def migrated(empty_database: Settings) -> Settings:
    """Return settings with a migrated database of the test's own."""
    alembic(empty_database, "upgrade", "head")
    return empty_database


def seed(run: Run, settings: Settings) -> int:
    """Add the samples, and return how many that were."""
    result = run("seed", DATABASE_URL=settings.database_url.get_secret_value())
    return int(result.output.removeprefix("Added ").removesuffix(" samples.\n"))


def test_samples_are_added_once(run: Run, migrated: Settings) -> None:
    assert seed(run, migrated) > 0
    assert seed(run, migrated) == 0


def test_56_the_newest_migration_works_on_tables_with_rows(
    run: Run, migrated: Settings
) -> None:
    seed(run, migrated)
    [newest] = find_heads()
    alembic(migrated, "downgrade", (*newest._all_down_revisions, "base")[0])
    alembic(migrated, "upgrade", "head")
    seed(run, migrated)
