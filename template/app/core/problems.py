"""Renders every error as a problem document (RFC 9457)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.responses import Response
from starlette.types import Scope

from app.core.errors import AppError

MEDIA_TYPE = "application/problem+json"
# Python before 3.13 has the names of an older RFC.
TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}


def title_of(status: int) -> str:
    """Give the name of a status code (RFC 9110)."""
    return TITLES.get(status) or HTTPStatus(status).phrase


def problem_response(
    scope: Scope,
    status: int,
    code: str,
    detail: str,
    *,
    fields: Mapping[str, list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Build the answer; `app.schemas.problem.Problem` describes its body."""
    state = scope.get("state", {})
    body = {
        "type": "about:blank",
        "title": title_of(status),
        "status": int(status),
        "detail": detail,
        "instance": scope["path"],
        "error_code": code,
        "request_id": state.get("request_id", ""),
        "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
    }
    if fields is not None:
        body["field_errors"] = fields
    # ASCII only: a lone surrogate in a path or a key cannot be encoded otherwise.
    content = json.dumps(body, ensure_ascii=True)
    headers = {**state.get("problem_headers", {}), **(headers or {})}
    return Response(content, int(status), headers=headers, media_type=MEDIA_TYPE)


def error_response(scope: Scope, error: AppError) -> Response:
    """Build the answer for an error that a service raised."""
    return problem_response(
        scope, error.status, error.code, error.detail, fields=error.fields, headers=error.headers
    )
