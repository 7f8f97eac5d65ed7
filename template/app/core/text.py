"""Text that comes from outside."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints


def storable(text: str) -> str:
    """Refuse what a database cannot store.

    Raises:
        ValueError: If the text has a NUL character.
    """
    if "\x00" in text:
        raise ValueError("must not contain the NUL character")
    return text


def fold(text: str) -> str:
    """Give the form by which texts are compared without regard to case.

    At most three times as long as the text.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    AfterValidator(storable),
    Field(json_schema_extra={"pattern": r"^[^\x00]*$"}),
]
"""The type of every string in a request: lone surrogates are refused too, by Pydantic itself."""

RequiredText = Annotated[
    Text, Field(min_length=1, json_schema_extra={"pattern": r"^[^\x00]*\S[^\x00]*$"})
]
"""A text that is not blank."""
