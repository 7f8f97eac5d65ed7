"""Texts of requests, as every database can store them."""

import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


def fold(text: str) -> str:
    """Return the form by which texts are compared without regard to case.

    At most three times as long as the text.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


NOT_BLANK = r"[^\x00\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
"""What is not taken off; `\\S` would be something else to some."""


@dataclass(frozen=True)
class PlainText:
    """Marks a `str` field: `Annotated[str, PlainText(120)]`; it is stripped.

    NUL and lone surrogates are refused: not every database can store them. If it is
    `required`, it must have more than spaces.
    """

    max_length: int
    required: bool = False

    @staticmethod
    def check(text: str) -> str:
        """Refuse NUL characters, which Pydantic accepts."""
        if "\x00" in text:
            raise ValueError("must not contain the NUL character")
        return text

    def __get_pydantic_core_schema__(
        self, _source: type[str], _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate the length, then the characters."""
        text = core_schema.str_schema(
            strip_whitespace=True,
            max_length=self.max_length,
            min_length=int(self.required),
        )
        return core_schema.no_info_after_validator_function(self.check, text)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Add the pattern of what is accepted."""
        pattern = rf"^[^\x00]*{NOT_BLANK}[^\x00]*$" if self.required else r"^[^\x00]*$"
        return {**handler(schema), "pattern": pattern}


SearchText = Annotated[str, PlainText(255)]
"""What a list is searched for."""
