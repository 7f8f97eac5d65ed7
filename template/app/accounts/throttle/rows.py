"""Queries for failed attempts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.core.resource.repository import Table, change
from app.db.base import Base


class Throttle(Base):
    """How often something has failed lately; keys are hashed, so it names nobody.

    Attributes:
        key: Whose attempts at what, such as those of one client at one account.
        account: The account alone, so that all attempts at it can be forgiven.
        is_known: Whether an attempt has succeeded before.
        expires_at: When it is all forgotten.
    """

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str | None] = mapped_column(String(64), index=True)
    failures: Mapped[int] = mapped_column(default=0)
    is_known: Mapped[bool] = mapped_column(default=False)
    last_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class RowsAppearedError(Exception):
    """Somebody else has just inserted the same rows: begin again, and they will be there."""


class ThrottleRepository(Table):
    """Reads and writes failed attempts."""

    async def find(self, keys: Iterable[str]) -> Sequence[Throttle]:
        """Read what is known of some keys."""
        statement = select(Throttle).where(Throttle.key.in_(keys))
        return (await self._session.scalars(statement)).all()

    async def lock(self, keys: Iterable[str]) -> dict[str, Throttle]:
        """Read what is known of some keys; others must wait before they do the same.

        All take the locks in the same order, so nobody waits in a circle.
        """
        statement = (
            select(Throttle).where(Throttle.key.in_(keys)).order_by(Throttle.key)
        )
        rows = await self._session.scalars(statement.with_for_update())
        return {row.key: row for row in rows}

    async def add(self, rows: Iterable[Throttle]) -> None:
        """Insert rows.

        Raises:
            RowsAppearedError: If one of them is there by now.
        """
        self._session.add_all(rows)
        try:
            await self._session.flush()
        except IntegrityError as error:
            raise RowsAppearedError from error

    async def forget_account(self, accounts: Iterable[str]) -> None:
        """Delete everything about some accounts."""
        await change(
            self._session, delete(Throttle).where(Throttle.account.in_(accounts))
        )

    async def prune(self, moment: datetime) -> None:
        """Delete what had expired before a moment."""
        await change(
            self._session, delete(Throttle).where(Throttle.expires_at <= moment)
        )
