"""Management commands while Redis is away."""

import pytest

from proofs.accounts.links import NEW_PASSWORD
from proofs.fixtures.commands import InDatabase, Run, create_ada, find_users


def test_a_password_stays_if_the_attempts_cannot_be_forgotten(
    run: Run, in_database: InDatabase, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{closed_port}")
    assert create_ada(run).exit_code == 0
    [before] = in_database(find_users)
    result = run("reset-password", "ada", password=NEW_PASSWORD)
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: Redis does not answer, so nothing was changed: start it, or correct REDIS_URL.\n"
    )
    [after] = in_database(find_users)
    assert after.hashed_password == before.hashed_password
