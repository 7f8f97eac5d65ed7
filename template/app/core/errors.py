"""Errors that services raise, and the problem documents they are sent as (RFC 9457)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, ClassVar

from pydantic import BaseModel, Field
from starlette.responses import Response
from starlette.types import Scope

MEDIA_TYPE = "application/problem+json"
# Python before 3.13 has the names of an older RFC.
TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}


def title_of(status: int) -> str:
    """Return the name of a status code (RFC 9110)."""
    return TITLES.get(status) or HTTPStatus(status).phrase


def code_of(status: int) -> str:
    """Return the same as a stable name, by which clients decide."""
    return title_of(status).lower().replace(" ", "_")


class AppError(Exception):
    """An answer that is an error; its code is the status's name, or one of its own.

    `fields` has messages for each field that is to blame; `field` names the only one,
    whose message is the detail.
    """

    status = 500
    code = "internal_error"

    def __init_subclass__(cls, *, status: int = 0, code: str = "") -> None:
        """Declare a kind of error: `class GoneError(AppError, status=410)`."""
        cls.status = status or cls.status
        cls.code = code or (code_of(status) if status else cls.code)

    def __init__(
        self,
        detail: str,
        *,
        field: str | None = None,
        fields: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields = {field: [detail]} if field else fields
        self.headers = headers


class BadRequestError(AppError, status=400):
    """The request cannot be understood."""


class NotFoundError(AppError, status=404):
    """There is no such thing, or the caller must not know of it."""


class ConflictError(AppError, status=409):
    """The request contradicts what is stored."""


class PreconditionFailedError(AppError, status=412):
    """The client has meant another state of the thing than it is in."""


class InvalidError(AppError, status=422, code="validation_error"):
    """The request is understood, but breaks a rule."""


class UnavailableError(AppError, status=503):
    """Something that the API needs does not answer; trying again can succeed."""

    def __init__(self, detail: str = "Please try again in a moment.") -> None:
        super().__init__(detail, headers={"Retry-After": "1"})


def error_of_status(
    status: int, detail: str, headers: Mapping[str, str] | None = None
) -> AppError:
    """Return the error that has the name of its status code."""
    error = AppError(detail, headers=headers)
    error.status = status
    error.code = code_of(status)
    return error


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

    type: str = Field(
        description="Always `about:blank`: `error_code` tells the kind of problem."
    )
    title: str = Field(description="The meaning of the status code.")
    status: int = Field(description="The status code.")
    detail: str = Field(description="What went wrong here, for people.")
    instance: str = Field(description="The path of the request.")
    error_code: str = Field(description="The kind of problem; stable, for programs.")
    request_id: str = Field(
        description="Names the request in the logs; quote it in a report."
    )
    timestamp: datetime = Field(description="When it happened.")
    field_errors: dict[str, list[str]] | None = Field(
        default=None, description="Messages by field; only where fields are to blame."
    )


def error_response(scope: Scope, error: AppError) -> Response:
    """Return the answer to a request that ended with an error, a `Problem`."""
    state = scope.get("state", {})
    problem = {
        "type": "about:blank",
        "title": title_of(error.status),
        "status": error.status,
        "detail": error.detail,
        "instance": scope["path"],
        "error_code": error.code,
        "request_id": state.get("request_id", ""),
        "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
    }
    if error.fields is not None:
        problem["field_errors"] = error.fields
    # ASCII only: a lone surrogate in a path or a key cannot be encoded otherwise.
    content = json.dumps(problem, ensure_ascii=True)
    return Response(content, error.status, error.headers, MEDIA_TYPE)
