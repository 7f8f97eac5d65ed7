"""The body of every error."""

from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """What went wrong, as `application/problem+json` (RFC 9457)."""

    example: ClassVar[dict[str, Any]] = {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing with this id.",
        "instance": "/api/v1/things/01932c07-5a4e-7cc1-8b0a-8a4bb3f1a2d3",
        "error_code": "not_found",
        "request_id": "5f2b7c1e9d4a4e0f8c3b6a7d2e1f0a9b",
        "timestamp": "2026-01-01T12:00:00Z",
    }

    type: str = Field(description="Always `about:blank`: `error_code` tells the kind of problem.")
    title: str = Field(description="The meaning of the status code.")
    status: int = Field(description="The status code.")
    detail: str = Field(description="What went wrong here, for people.")
    instance: str = Field(description="The path of the request.")
    error_code: str = Field(description="The kind of problem; stable, for programs.")
    request_id: str = Field(description="Names the request in the logs; quote it in a report.")
    timestamp: datetime = Field(description="When it happened.")
    field_errors: dict[str, list[str]] | None = Field(
        default=None, description="Messages by field; only where fields are to blame."
    )
