"""What a row has of its file."""

from datetime import datetime
from typing import Any

from pydantic import Field

from app.core.resource.model import Resource
from app.core.schemas import ResponseSchema
from app.db.base import Base


class FileDetails(ResponseSchema):
    """What answers tell of a file."""

    name: str = Field(description="What it is called.", examples=["lamp.png"])
    content_type: str = Field(description="Its media type.", examples=["image/png"])
    size: int = Field(description="How many bytes it has.", examples=[48213])
    sha256: str = Field(description="A digest of its content.", examples=["9f86d081"])
    uploaded_at: datetime = Field(description="When it came.")


class StoredFile(FileDetails):
    """What the column has.

    Attributes:
        key: Where the content is: no other content has ever been there.
    """

    key: str

    @property
    def etag(self) -> str:
        """Name the content, for `ETag`."""
        return f'"{self.sha256}"'


def file_of(row: Resource, field: str) -> StoredFile | None:
    """Return the file that a row has in a field."""
    value = getattr(row, field)
    return None if value is None else StoredFile.model_validate(value)


def file_columns() -> list[tuple[type[Any], str, str]]:
    """Return each model with a column of files, and where their content is kept."""
    return [
        (mapper.class_, column.key, column.info["files"])
        for mapper in Base.registry.mappers
        for column in mapper.columns
        if "files" in column.info
    ]
