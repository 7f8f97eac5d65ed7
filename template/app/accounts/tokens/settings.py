"""Settings of access tokens."""

from typing import Annotated

from pydantic import BeforeValidator, SecretStr, field_validator
from pydantic_settings import NoDecode

from app.core.settings import Seconds, SettingsGroup, split_commas

MIN_KEY_BYTES = 32


class JwtSettings(SettingsGroup):
    """Who signs access tokens, for whom and for how long; they are signed with `SECRET_KEY`.

    Attributes:
        issuer: The claim `iss`; `None` means the project's name.
        audience: The claim `aud`; `None` means the project's name.
        lifetime: Seconds for which an access token is valid.
        previous_secret_keys: Former values of `SECRET_KEY` whose tokens are still
            accepted.
    """

    issuer: str | None = None
    audience: str | None = None
    lifetime: Seconds = 900
    previous_secret_keys: Annotated[
        tuple[SecretStr, ...], NoDecode, BeforeValidator(split_commas)
    ] = ()

    @field_validator("previous_secret_keys")
    @classmethod
    def _refuse_short_keys(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(key.get_secret_value().encode()) < MIN_KEY_BYTES for key in keys):
            raise ValueError(f"each must have {MIN_KEY_BYTES} bytes or more")
        return keys
