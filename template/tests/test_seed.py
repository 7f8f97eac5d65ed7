"""Sample data."""

import pytest

from app.config import Settings
from tests.fixtures.commands import Run
from tests.fixtures.database import alembic, find_heads
from tools.seed import seed


@pytest.fixture
def migrated(empty_database: Settings) -> Settings:
    """Return settings with a migrated database of the test's own."""
    alembic(empty_database, "upgrade", "head")
    return empty_database


def add_samples(run: Run, settings: Settings) -> int:
    """Add the samples, and return how many that were."""
    url = settings.database_url.get_secret_value()
    result = run(command=seed, DATABASE_URL=url)
    return int(result.output.removeprefix("Added ").removesuffix(" samples.\n"))


def test_samples_are_added_once(run: Run, migrated: Settings) -> None:
    assert add_samples(run, migrated) > 0
    assert add_samples(run, migrated) == 0


def test_56_the_newest_migration_works_on_tables_with_rows(
    run: Run, migrated: Settings
) -> None:
    add_samples(run, migrated)
    [newest] = find_heads()
    alembic(migrated, "downgrade", (*newest._all_down_revisions, "base")[0])
    alembic(migrated, "upgrade", "head")
    add_samples(run, migrated)
