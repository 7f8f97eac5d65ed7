"""What changes of many rows plug into the application."""

import json

from fastapi import FastAPI, Request
from fastapi.openapi.constants import REF_TEMPLATE
from starlette.responses import Response

from app.core.bulk.answer import RowsRefusedError
from app.core.bulk.schemas import BulkResult
from app.core.changes.feature import REPLAYED
from app.core.errors import MEDIA_TYPE, error_response
from app.core.feature import Feature
from app.core.openapi import Json, extend_openapi, operations, problem_description
from app.core.project import ProjectSettings

EXAMPLE = {
    "error_code": "rows_refused",
    "detail": "Some rows were refused; nothing was written.",
    "field_errors": {"rows.3.name": ["Field required"]},
    "results": [
        {
            "index": 3,
            "status": 422,
            "problem": {
                "detail": "Some fields are not valid; `field_errors` names them.",
                "error_code": "validation_error",
                "field_errors": {"name": ["Field required"]},
            },
        }
    ],
}


async def handle_refused_rows(request: Request, error: RowsRefusedError) -> Response:
    """Answer with what became of the rows that were refused."""
    response = error_response(request.scope, error)
    results = [one.model_dump(exclude_none=True) for one in error.results]
    problem = json.loads(bytes(response.body)) | {"results": results}
    content = json.dumps(problem, ensure_ascii=True)
    return Response(content, error.status, media_type=MEDIA_TYPE)


def describe(document: Json) -> None:
    """Describe what is answered where one row or another is refused."""
    schemas = document["components"]["schemas"]
    result = BulkResult.model_json_schema(ref_template=REF_TEMPLATE)
    schemas |= result.pop("$defs") | {"BulkResult": result}
    schemas["Problem"]["properties"]["results"] = {
        "description": "What became of refused rows; only where rows are to blame.",
        "items": {"$ref": REF_TEMPLATE.format(model="BulkResult")},
        "type": "array",
    }
    refused = problem_description(422, EXAMPLE)
    for _, _, operation in operations(document):
        names = {one["name"] for one in operation.get("parameters", ())}
        if "Idempotency-Key" in names and names & {"atomic", "dry_run"}:
            operation["responses"]["200"]["headers"] = REPLAYED
            operation["responses"]["422"] = refused


def register(app: FastAPI, _settings: ProjectSettings) -> None:
    """Answer and document refused rows."""
    app.exception_handler(RowsRefusedError)(handle_refused_rows)
    extend_openapi(app, describe)


BULK = Feature(register=register)
