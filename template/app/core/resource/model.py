"""The columns that the tables of all resources share."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.db.base import Entity, now


class Resource(Entity):
    """Something that clients read and change.

    Who writes a row whose version has changed meanwhile is told so.
    """

    __abstract__ = True

    row_version: Mapped[int] = mapped_column(info={"field": None})
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  (called with the class)
        """Count the changes in `row_version`."""
        return {"version_id_col": cls.row_version}


def title_of(model: type[Resource]) -> str:
    """Return what people call a row: "line item" for the class LineItem."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower()
