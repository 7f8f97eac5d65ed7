"""Types that several groups of settings share."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_settings import NoDecode

PLACEHOLDER = "change-me"
"""Stands in examples for what everyone must choose; production refuses it."""


class SettingsGroup(BaseModel):
    """Settings of one feature; a misspelt name is an error, not ignored."""

    model_config = ConfigDict(extra="forbid")


def split_commas(value: object) -> object:
    """Turn `a, b` into its parts: lists are easier to write so than as JSON."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


CommaSeparated = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_commas)]
Seconds = Annotated[float, Field(gt=0, le=3600)]
