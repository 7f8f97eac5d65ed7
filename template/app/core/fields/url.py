"""Addresses of pages on the web."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

MAX_LENGTH = 2000
LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
PORT = (
    "([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
)
PATTERN = rf"^https?://({LABEL})(\.{LABEL})*(:{PORT})?([/?#][!#-;=?-\[\]_a-z~]*)?$"
"""A part of RFC 3986: no name or password, and what is not ASCII is encoded."""


def check(value: str) -> str:
    """Refuse what is no address."""
    if not re.fullmatch(PATTERN.removesuffix("$"), value):
        raise ValueError("must be an address on the web, like https://example.com/path")
    return value


WebAddress = Annotated[
    str,
    Field(max_length=MAX_LENGTH, json_schema_extra={"pattern": PATTERN}),
    AfterValidator(check),
]
"""An address with `http` or `https`: a text, stored as it was sent."""
