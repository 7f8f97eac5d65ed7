"""Settings of the server process."""

from pydantic import Field

from app.core.settings.types import Seconds, SettingsGroup


class ServerSettings(SettingsGroup):
    """Where and how `python -m app serve` listens.

    Attributes:
        host: Address to listen on.
        port: Port to listen on.
        workers: Number of processes.
        header_timeout: Seconds in which address and headers must arrive; 408 if only a part did.
        keep_alive: Seconds for which an idle connection stays open.
        graceful_timeout: Seconds that requests in flight are given to finish at shutdown.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=1, ge=1)
    header_timeout: Seconds = 10
    keep_alive: Seconds = 5
    graceful_timeout: Seconds = 30
