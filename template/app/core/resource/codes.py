"""Texts that clients choose, by which paths have rows."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema
from sqlalchemy import ColumnElement

from app.core.fields.text import PlainText, fold
from app.core.resource.addresses import PATTERN, AddressedRepository
from app.core.resource.repository import EntityT
from app.core.resource.reserved import RESERVED


@dataclass(frozen=True)
class PathText(PlainText):
    """Marks a `str` field that stands in paths: `Annotated[str, PathText(40)]`.

    It has letters, digits and `._~-` alone, and begins with one of the former two.
    """

    required: bool = True

    @staticmethod
    def check(text: str) -> str:
        """Refuse what a path cannot have, or has in place of a row."""
        if not re.fullmatch(PATTERN, text):
            raise ValueError("must have letters, digits and ._~- alone")
        if text in RESERVED:
            raise ValueError("is a word that paths have already")
        return text

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Add the pattern of what is accepted."""
        return {**handler(schema), "pattern": PATTERN}


class CodedRepository(AddressedRepository[EntityT]):
    """Reads and writes a table whose rows are found by such a text."""

    def _at(self, address: str) -> tuple[ColumnElement[bool], ...]:
        # The key has an index, and is the same for texts that differ by their case.
        key = getattr(self.model, f"{self.address}_key")
        return (key == fold(address), *super()._at(address))
