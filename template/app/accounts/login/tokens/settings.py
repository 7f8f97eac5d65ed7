"""Settings of logging in by tokens."""

from typing import Self

from pydantic import model_validator

from app.core.project import ProjectSettings, is_random
from app.core.security.jwt import JwtSettings


class LoginSettings(ProjectSettings):
    """The group of access tokens, and what production must not have in it."""

    jwt: JwtSettings = JwtSettings()

    @model_validator(mode="after")
    def _refuse_weak_keys_in_production(self) -> Self:
        former = [key.get_secret_value() for key in self.jwt.previous_secret_keys]
        if self.in_production and not all(map(is_random, former)):
            raise ValueError("JWT__PREVIOUS_SECRET_KEYS must be random values too")
        return self
