"""Settings of the connection to Redis."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from redis.asyncio.connection import parse_url

from app.core.settings.types import Seconds, SettingsGroup


def refuse_what_is_no_url(value: SecretStr) -> SecretStr:
    """Say now what the client would say when the first request comes."""
    try:
        parse_url(value.get_secret_value())
    except ValueError:
        raise ValueError("must be a URL such as redis://host:6379/0") from None
    return value


RedisUrl = Annotated[SecretStr, AfterValidator(refuse_what_is_no_url)]
"""Where Redis is; it may hold a secret."""


class RedisSettings(SettingsGroup):
    """How Redis is used; where it is stands in `REDIS_URL`.

    Attributes:
        timeout: Seconds within which it must answer.
        retry_interval: Seconds between two tries while it is away.
        max_connections: Connections of each process.
        prefix: What all keys begin with, so that several applications can share a server.
        fail_open: Whether requests that cannot be counted are let through while it is away.
    """

    timeout: Seconds = 0.5
    retry_interval: Seconds = 1
    max_connections: int = Field(default=50, ge=1)
    prefix: str = ""
    fail_open: bool = True
