"""Settings of the interactive documentation."""

from pydantic import BaseModel


class DocsSettings(BaseModel):
    """Whether `/docs`, `/redoc` and `/openapi.json` are served.

    Attributes:
        enabled: `None` means: everywhere but in production.
    """

    enabled: bool | None = None
