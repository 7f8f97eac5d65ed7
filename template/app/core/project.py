"""The settings that all projects have, and how settings are read."""

import os
import re
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from app.core.addresses import unquote
from app.core.settings import (
    ApiSettings,
    CorsSettings,
    HttpSettings,
    ServerSettings,
    SettingsGroup,
)
from app.db import dialect

SECRETS = Path("/run/secrets")
"""Where containers find files with secrets, each named like its setting."""

MIN_SECRET_LENGTH = 32
MIN_SECRET_VARIETY = 8
WRITTEN = re.compile("change|default|example|insecure|password|secret")
"""What keys have that were written by hand, those of examples above all."""
PUBLISHED = (
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
    "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
)
"""Keys of the tutorials of FastAPI and Flask."""


def is_random(secret: str) -> bool:
    """Return whether a secret can have come from a generator, and is not known."""
    secret = secret.strip()
    # How far apart neighbours are: always alike in `abcdefgh`, however often repeated.
    steps = {ord(b) - ord(a) for a, b in pairwise(secret)}
    half = len(secret) // 2
    return (
        len(secret) >= MIN_SECRET_LENGTH
        and min(len(set(secret)), len(steps)) >= MIN_SECRET_VARIETY
        and not any(secret.startswith(secret[n:]) for n in range(1, half + 1))
        and not WRITTEN.search(secret.lower())
        and secret.lower() not in PUBLISHED
    )


class ProjectSettings(BaseSettings):
    """The settings that the core and all features share.

    A feature adds its groups in a subclass; `app.config.Settings` inherits from all.
    """

    model_config = SettingsConfigDict(
        env_nested_delimiter="__",
        env_ignore_empty=True,
        secrets_dir_missing="ok",
        extra="ignore",
    )

    project_name: str
    environment: Literal["development", "test", "production"] = "development"
    debug: bool = False
    secret_key: SecretStr
    database_url: SecretStr = Field(
        default=SecretStr(dialect.DEFAULT_URL), validate_default=True
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "text"] | None = None
    """`None` means: JSON in production, readable text elsewhere."""

    api: ApiSettings = ApiSettings()
    cors: CorsSettings = CorsSettings()
    database: dialect.DatabaseSettings = dialect.DatabaseSettings()
    http: HttpSettings = HttpSettings()
    server: ServerSettings = ServerSettings()

    @field_validator("log_level", mode="before")
    @classmethod
    def _ignore_case(cls, level: str) -> str:
        return level.upper()

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, value: SecretStr) -> SecretStr:
        return SecretStr(dialect.normalize_url(value.get_secret_value()))

    @model_validator(mode="after")
    def _refuse_what_production_must_not_have(self) -> Self:
        if self.in_production:
            if not is_random(self.secret_key.get_secret_value()):
                raise ValueError(
                    f"SECRET_KEY must be a random value of {MIN_SECRET_LENGTH} "
                    "characters or more, of your own"
                )
            if self.debug:
                raise ValueError("DEBUG must be off in production")
            dialect.refuse_in_production(self.database_url.get_secret_value())
        return self

    @classmethod
    def settings_customise_sources(
        cls, *settings: Any, **sources: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read settings of groups from secrets too, such as `database__pool_size`."""
        name = "file_secret_settings"
        sources[name] = NestedSecretsSettingsSource(sources[name])
        for source in sources.values():
            if isinstance(source, EnvSettingsSource):
                source.env_vars = cls._known_variables(source.env_vars)
        return super().settings_customise_sources(*settings, **sources)

    @classmethod
    def _known_variables(cls, found: Mapping[str, str | None]) -> dict[str, str | None]:
        """Return the variables, some read as what they mean here.

        The name of a group is what other programs mean by it, such as `MAIL`. Hosting
        platforms say by `PORT` where to listen.
        """
        fields = cls.model_fields.items()
        groups = [key for key, one in fields if isinstance(one.default, SettingsGroup)]
        for name in found:
            group, delimiter, _ = name.partition("__")
            if not delimiter or group in groups:
                continue
            if close := get_close_matches(group, groups, n=1, cutoff=0.75):
                hint = f"is no setting; did you mean {close[0].upper()}__?"
                raise SettingsError(f"{name.upper()}: {hint}")
        known = {name: unquote(value or "") for name, value in found.items()}
        if known.get("port", "").isdigit():
            known.setdefault("server__port", known["port"])
        return {key: text for key, text in known.items() if text and key not in groups}

    @property
    def in_production(self) -> bool:
        """Whether strangers can reach this process."""
        return self.environment == "production"

    @property
    def log_as_json(self) -> bool:
        """Whether the log is for machines."""
        return self.log_format == "json" if self.log_format else self.in_production

    @property
    def docs_enabled(self) -> bool:
        """Whether the interactive documentation is served."""
        return not self.in_production if self.api.docs is None else self.api.docs


SettingsT = TypeVar("SettingsT", bound=ProjectSettings)


def read_settings(schema: type[SettingsT], secrets: Path) -> SettingsT:
    """Read the settings, or end the process with a line for each one that is wrong.

    The environment wins over `.env`, which is not read in production: a forgotten file
    must not decide anything there. Both win over the files with secrets.
    """
    env_file = None if os.environ.get("ENVIRONMENT") == "production" else ".env"
    try:
        return schema(_env_file=env_file, _secrets_dir=secrets)
    except (ValidationError, SettingsError) as error:
        sys.exit("\n".join(["The settings are not usable:", *describe_errors(error)]))


def describe_errors(error: ValidationError | SettingsError) -> list[str]:
    """Describe each wrong setting in a line, by its name in the environment."""
    if isinstance(error, SettingsError):
        return [str(error)]
    lines = []
    for item in error.errors(include_input=False):
        name = "__".join(part for part in item["loc"] if isinstance(part, str)).upper()
        message = item["msg"].removeprefix("Value error, ")
        if item["type"] == "bool_parsing":
            message = "must be true or false"
        lines.append(f"{name}: {message}" if name else message)
    return lines
