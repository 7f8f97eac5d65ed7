"""Sends plain HTTP to HTTPS."""

from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware
from starlette.types import Receive, Scope, Send

from app.core.probes import is_probe


class RedirectMiddleware(HTTPSRedirectMiddleware):
    """Redirects all requests but the probes of whoever runs the application."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] == "http" and is_probe(scope):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
