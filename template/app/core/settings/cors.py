"""Settings of cross-origin requests."""

from pydantic import ValidationInfo, field_validator

from app.core.settings.types import CommaSeparated, SettingsGroup


class CorsSettings(SettingsGroup):
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
    allow_headers: CommaSeparated = (
        "Authorization",
        "Content-Type",
        "Idempotency-Key",
        "If-Match",
        "X-Request-ID",
    )
    max_age: int = 600

    @field_validator("allow_origins")
    @classmethod
    def _refuse_the_origin_of_anyone(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        if "null" in origins:
            raise ValueError("`null` is the origin of sandboxed pages of anyone; remove it")
        return tuple(origin.rstrip("/") for origin in origins)

    @field_validator("allow_credentials")
    @classmethod
    def _refuse_everyone_with_credentials(cls, allowed: bool, info: ValidationInfo) -> bool:
        """Any page could act for whoever looks at it otherwise (ASVS 5.0, 3.4.2)."""
        if allowed and "*" in info.data.get("allow_origins", ()):
            raise ValueError("must be off where `*` is among the origins; name them")
        return allowed
