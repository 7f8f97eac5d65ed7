"""Rows that are there, whose ids are integers."""

from pydantic import Field

from app.core.bulk.schemas import RowKey
from app.core.fields.integer_ids import StrictIntegerId


class IntegerRowKey(RowKey):
    """A row that is there, as it was read."""

    id: StrictIntegerId = Field(  # type: ignore[assignment]
        exclude=True, description="Identifier."
    )
