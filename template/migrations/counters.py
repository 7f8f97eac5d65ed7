"""Tables of SQLite that are made anew go on to count their ids where they were."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

PREFIX = "_alembic_tmp_"
COUNTED = sa.text(
    "SELECT 1 FROM sqlite_master WHERE name = :name AND sql LIKE '%AUTOINCREMENT%'"
)
CONTINUE = sa.text(
    "INSERT INTO sqlite_sequence (name, seq)"
    " SELECT :new_name, seq FROM sqlite_sequence WHERE name = :name"
)


@event.listens_for(sa.Table, "before_create")
def count(table: sa.Table, connection: sa.Connection, **_: Any) -> None:
    """Have a new table in the place of another one count, if that one does."""
    name = table.name.removeprefix(PREFIX)
    if name != table.name and connection.scalar(COUNTED, {"name": name}):
        table.dialect_options["sqlite"]["autoincrement"] = True


@event.listens_for(sa.Table, "after_create")
def go_on(table: sa.Table, connection: sa.Connection, **_: Any) -> None:
    """Have it begin after the last id, though that row may be gone."""
    name = table.name.removeprefix(PREFIX)
    if name != table.name and table.dialect_options["sqlite"]["autoincrement"]:
        connection.execute(CONTINUE, {"name": name, "new_name": table.name})
