"""Settings of lists."""

from typing import Self

from pydantic import Field, model_validator

from app.core.settings.types import SettingsGroup


class PaginationSettings(SettingsGroup):
    """How many entries a page holds.

    Attributes:
        default_limit: Entries on a page when the client does not say.
        max_limit: The most that a client can ask for.
    """

    default_limit: int = Field(default=20, ge=1)
    max_limit: int = Field(default=100, ge=1, le=1000)

    @model_validator(mode="after")
    def _keep_default_within_bound(self) -> Self:
        if self.default_limit > self.max_limit:
            raise ValueError("default_limit must not be above max_limit")
        return self
