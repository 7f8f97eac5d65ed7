"""By whom requests are counted."""

from starlette.types import Scope

from app.core.http.client import network_of


def client_key(scope: Scope) -> str:
    """Name the network that a request comes from."""
    client = scope.get("client")
    return f"client:{network_of(client[0] if client else '')}"


class RateLimitKey:
    """Tells whose request it is, as one text: that of the network it comes from."""

    def name(self, scope: Scope) -> str:
        """Name the caller."""
        return client_key(scope)

    def refuse(self, scope: Scope) -> None:
        """Take note that a request was answered with 401."""
