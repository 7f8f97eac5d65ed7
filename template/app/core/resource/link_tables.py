"""Tables of links: a row for each two that are linked."""

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Table

from app.db.base import Base


def link_table(name: str, **ends: str) -> Table:
    """Declare a table of links; each is there once, and goes with either row.

    Args:
        name: Its name.
        ends: The two tables whose rows are linked, by the column that refers to them.
            What clients send as `tag_ids` is at the second end, in `tag_id`.
    """
    end, other_end = ends
    fields = {end: None, other_end: f"{other_end}s"}
    columns: list[Column[Any]] = [
        Column(
            one,
            ForeignKey(f"{table}.id", name=f"fk_{name}_{one}", ondelete="CASCADE"),
            primary_key=True,
            info={"field": fields[one]},
        )
        for one, table in ends.items()
    ]
    index = Index(f"ix_{name}_{other_end}", other_end, end)
    return Table(name, Base.metadata, *columns, index)
