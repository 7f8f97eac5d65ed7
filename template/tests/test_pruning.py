"""The command that deletes what has expired."""

from collections.abc import Callable

from tests.fixtures.commands import Run


def test_expired_rows_can_be_deleted_at_any_time(run: Run) -> None:
    result = run("prune")
    assert (result.exit_code, result.stdout) == (0, "Deleted what has expired.\n")


def test_a_database_without_tables_is_the_reason(
    run: Run, make_database: Callable[[], str]
) -> None:
    result = run("prune", DATABASE_URL=make_database())
    assert result.exit_code == 1
    message = "Error: The database cannot do this; is it migrated?"
    assert result.stderr.startswith(message)
