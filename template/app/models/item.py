"""The table of items."""

from decimal import Decimal

from sqlalchemy import Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.core.text import fold
from app.db.base import Entity, TimestampMixin


class Item(TimestampMixin, Entity):
    """Something that the API keeps.

    Attributes:
        name_key: The name as it is compared: `LAMP` and `Lamp` are the same name.
    """

    __tablename__ = "items"

    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(360), unique=True, info={"field": "name"})
    description: Mapped[str | None] = mapped_column(Text)
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))

    @validates("name")
    def _derive_key(self, _attribute: str, name: str) -> str:
        self.name_key = fold(name)
        return name
