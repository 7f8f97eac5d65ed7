"""Addresses that rows had before, which lead to the present ones."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Column, ForeignKey, Index, String, Table, delete, insert, select

from app.core.resource.addresses import LONGEST, AddressedRepository
from app.core.resource.repository import EntityT
from app.db.base import Base, Key, UTCDateTime, now

KEPT = 20
"""Former addresses of a row; earlier ones are forgotten."""


def address_table(table: str) -> Table:
    """Declare the table of former addresses of rows, with which they go."""
    name = f"{table}_former_addresses"
    row_id = ForeignKey(f"{table}.id", name=f"fk_{name}_row_id", ondelete="CASCADE")
    return Table(
        name,
        Base.metadata,
        Column("row_id", row_id, primary_key=True, info={"field": None}),
        Column("address", String(LONGEST), primary_key=True, info={"field": None}),
        Column("left_at", UTCDateTime, nullable=False),
        Index(f"ix_{name}_address", "address"),
    )


class MovingRepository(AddressedRepository[EntityT]):
    """Reads and writes a table whose rows may get other addresses.

    A former address leads to the row that left it last, unless another row has it now.

    Attributes:
        former_addresses: The table that keeps them.
    """

    former_addresses: ClassVar[Table]

    async def find_present(self, former: str) -> str | None:
        """Return the address of the row that had another one before."""
        known = self.former_addresses.c
        found = (
            self._select(known.address == former)
            .join(self.former_addresses, known.row_id == self.model.id)
            .with_only_columns(getattr(self.model, self.address))
            .order_by(known.left_at.desc())
        )
        present: str | None = await self._session.scalar(found.limit(1))
        return present

    async def update(self, entity: EntityT, values: Mapping[str, Any]) -> EntityT:
        """Change columns of a row, and keep the address that it leaves."""
        left, key = getattr(entity, self.address), entity.id
        updated = await super().update(entity, values)
        present = values.get(self.address, left)
        if present != left:
            await self._keep(key, left, present)
        return updated

    async def _keep(self, key: Key, left: str, present: str) -> None:
        """Remember an address, and forget what is one again, or was long ago."""
        known = self.former_addresses.c
        own = known.row_id == key
        again = delete(self.former_addresses).where(
            own, known.address.in_([left, present])
        )
        await self._session.execute(again)
        row = {"row_id": key, "address": left, "left_at": now()}
        await self._session.execute(insert(self.former_addresses).values(row))
        latest = select(known.address).where(own).order_by(known.left_at.desc())
        addresses = (await self._session.scalars(latest)).all()
        if old := addresses[KEPT:]:
            gone = delete(self.former_addresses).where(own, known.address.in_(old))
            await self._session.execute(gone)
