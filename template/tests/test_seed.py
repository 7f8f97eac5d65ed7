"""Sample data."""

from app.config import Settings
from tests.fixtures.commands import Run
from tests.fixtures.database import alembic, find_heads
from tools.seed import seed


def add_samples(run: Run, settings: Settings) -> int:
    """Migrate, add the samples, and return how many that were."""
    alembic(settings, "upgrade", "head")
    result = run(command=seed, DATABASE_URL=settings.database_url.get_secret_value())
    return int(result.output.removeprefix("Added ").removesuffix(" samples.\n"))


def test_samples_are_added_once(run: Run, empty_database: Settings) -> None:
    assert add_samples(run, empty_database) > 0
    assert add_samples(run, empty_database) == 0


def test_56_the_newest_migration_works_on_tables_with_rows(
    run: Run, empty_database: Settings
) -> None:
    add_samples(run, empty_database)
    [newest] = find_heads()
    alembic(empty_database, "downgrade", (*newest._all_down_revisions, "base")[0])
    add_samples(run, empty_database)
