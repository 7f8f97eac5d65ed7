"""Refuses request bodies that are too large, before they are read."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import TooLargeError


class BodyLimitMiddleware:
    """Counts the bytes of a body, whether its length was announced or not.

    Args:
        app: The application inside.
        max_bytes: Size of the largest body.
    """

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        detail = f"The body must not be larger than {self.max_bytes} bytes."
        if announced_length(scope) > self.max_bytes:
            raise TooLargeError(detail)
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_bytes:
                # Only this class of errors passes through FastAPI's parsing of the body.
                raise HTTPException(413, detail)
            return message

        await self.app(scope, receive_counted, send)


def announced_length(scope: Scope) -> int:
    """Give the value of `Content-Length`; 0 where there is none that makes sense."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
