"""Text that comes from outside."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


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


Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(storable)]
"""The type of every string in a request: lone surrogates are refused too, by Pydantic itself."""
