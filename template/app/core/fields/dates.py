"""Dates without a time."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator


def whole(value: object) -> object:
    """Refuse all but a date as text (RFC 3339): a time with it, a bare number."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return value
    raise ValueError("must be a date, like 2026-01-31")


Day = Annotated[date, BeforeValidator(whole)]
