"""Joins migrations that follow the same one: `python -m migrations`."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.db.session import PYPROJECT


def main() -> None:
    """Write a migration that follows all of the newest ones."""
    config = Config(toml_file=PYPROJECT)
    if len(ScriptDirectory.from_config(config).get_heads()) < 2:
        raise SystemExit("There is nothing to join: one migration is the newest.")
    command.merge(config, "heads", message="Join")


main()
