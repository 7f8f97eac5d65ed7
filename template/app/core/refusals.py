"""What the server itself answers, to requests that never reach the application."""

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from app.core.problems import problem_response
from app.core.security_headers import security_headers

MAX_HEAD_BYTES = 65_536
PROBLEMS = {
    400: ("bad_request", "This is not a valid HTTP request."),
    408: ("request_timeout", "The head of the request took too long."),
    431: (
        "request_header_fields_too_large",
        f"Address and headers must not be larger than {MAX_HEAD_BYTES} bytes.",
    ),
}


def refusal(status: int, request_id: str) -> bytes:
    """Render the answer to what could not be parsed, or did not come."""
    code, detail = PROBLEMS[status]
    scope = {"path": "", "state": {"request_id": request_id}}
    response = problem_response(scope, status, code, detail)
    headers = [
        *response.raw_headers,
        *security_headers(hsts_max_age=0),
        (b"x-request-id", request_id.encode()),
        (b"connection", b"close"),
    ]
    lines = [name + b": " + value + b"\r\n" for name, value in headers]
    return b"".join([STATUS_LINE[status], *lines, b"\r\n", bytes(response.body)])
