"""Settings of the log."""

from typing import Literal

from pydantic import BaseModel


class LogSettings(BaseModel):
    """How the log is written; its level is `LOG_LEVEL`.

    Attributes:
        format: `None` means: JSON in production, readable text elsewhere.
    """

    format: Literal["json", "text"] | None = None
