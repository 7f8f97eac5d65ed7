"""Refuses requests for other hosts: links are built from `Host`, and caches are keyed by it."""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import BadRequestError
from app.core.probes import is_probe


class TrustedHostMiddleware:
    """Compares `Host` with the names that the API is known by.

    Args:
        app: The application inside.
        allowed_hosts: Host names; `*.example.com` covers every subdomain.
    """

    def __init__(self, app: ASGIApp, *, allowed_hosts: tuple[str, ...]) -> None:
        self.app = app
        self.names = frozenset(host for host in allowed_hosts if not host.startswith("*."))
        self.suffixes = tuple(host[1:] for host in allowed_hosts if host.startswith("*."))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] == "http" and not is_probe(scope):
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
            name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
            if name not in self.names and not name.endswith(self.suffixes):
                raise BadRequestError("The API is not known by this `Host`.")
        await self.app(scope, receive, send)
