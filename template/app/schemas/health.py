"""Answers of the health probes."""

from typing import Literal

from app.schemas.base import ResponseSchema


class Liveness(ResponseSchema):
    """The process runs."""

    status: Literal["alive"] = "alive"


class Readiness(ResponseSchema):
    """Requests can be served."""

    status: Literal["ready"] = "ready"
    checks: dict[str, Literal["ok"]]
