"""Settings of cross-origin requests."""

from typing import Self

from pydantic import BaseModel, model_validator

from app.core.settings.types import CommaSeparated


class CorsSettings(BaseModel):
    """Which web pages may call the API from a browser.

    Attributes:
        allow_origins: Origins such as `https://app.example.com`; none means that CORS is off.
        allow_credentials: Whether the browser may send cookies along.
        allow_methods: Methods that a page may use.
        allow_headers: Request headers that a page may send.
        max_age: Seconds for which a browser may remember the answer.
    """

    allow_origins: CommaSeparated = ()
    allow_credentials: bool = False
    allow_methods: CommaSeparated = ("GET", "POST", "PUT", "PATCH", "DELETE")
    allow_headers: CommaSeparated = ("Authorization", "Content-Type", "X-Request-ID")
    max_age: int = 600

    @model_validator(mode="after")
    def _refuse_everyone_with_credentials(self) -> Self:
        """Any page could act as the signed-in user otherwise (ASVS 5.0, 3.4.2)."""
        if "*" in self.allow_origins and self.allow_credentials:
            raise ValueError("name the origins: `*` cannot be combined with credentials")
        if "null" in self.allow_origins:
            raise ValueError("`null` is the origin of sandboxed pages of anyone; remove it")
        return self
