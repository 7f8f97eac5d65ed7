"""What every feature may read of the settings: the project, its secret, its database."""

from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from app.core.settings import (
    PLACEHOLDER,
    CorsSettings,
    LogSettings,
    ServerSettings,
)
from app.db import dialect

MIN_SECRET_LENGTH = 32
MIN_SECRET_VARIETY = 8


def is_random(secret: str) -> bool:
    """Return whether a secret can have come from a generator, not from a hand."""
    long_enough = len(secret.strip()) >= MIN_SECRET_LENGTH
    varied = len(set(secret)) >= MIN_SECRET_VARIETY
    return long_enough and varied and PLACEHOLDER not in secret.lower()


class ProjectSettings(BaseSettings):
    """The settings that the core and all features share.

    A feature adds its groups in a subclass, and `app.config.Settings` inherits from all.
    """

    project_name: str
    environment: Literal["development", "test", "production"] = "development"
    secret_key: SecretStr
    database_url: SecretStr = Field(
        default=SecretStr(dialect.DEFAULT_URL), validate_default=True
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    cors: CorsSettings = CorsSettings()
    database: dialect.DatabaseSettings = dialect.DatabaseSettings()
    log: LogSettings = LogSettings()
    server: ServerSettings = ServerSettings()

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, value: SecretStr) -> SecretStr:
        return SecretStr(dialect.normalize_url(value.get_secret_value()))

    @model_validator(mode="after")
    def _refuse_a_weak_secret_in_production(self) -> Self:
        if self.in_production and not is_random(self.secret_key.get_secret_value()):
            raise ValueError(
                "SECRET_KEY must be a random value of "
                f"{MIN_SECRET_LENGTH} characters or more"
            )
        return self

    @property
    def in_production(self) -> bool:
        """Whether strangers can reach this process."""
        return self.environment == "production"

    @property
    def log_as_json(self) -> bool:
        """Whether the log is for machines."""
        if self.log.format is not None:
            return self.log.format == "json"
        return self.in_production
