"""Cross-origin requests: the framework's layer says too much, or says it as text."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from app.core.errors import BadRequestError, error_response


class RefusedPreflight(Response):
    """The answer to a question whether a page may send a request: it may not."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a problem document."""
        error = BadRequestError(
            "This origin may not send such a request.",
            headers={"Vary": self.headers["Vary"]},
        )
        await error_response(scope, error)(scope, receive, send)


class CorsMiddleware(CORSMiddleware):
    """Tells nothing to origins that may not send requests."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """Answer a preflight."""
        response = super().preflight_response(request_headers)
        if response.status_code == HTTPStatus.OK:
            return response
        return RefusedPreflight(headers={"Vary": response.headers["Vary"]})

    async def send(
        self, message: Message, send: Send, request_headers: Headers
    ) -> None:
        """Add headers to a response; an unknown origin gets those of none."""
        origin = request_headers.get("origin")
        if origin is not None and not self.is_allowed_origin(origin):
            request_headers = Headers()
        await super().send(message, send, request_headers)
