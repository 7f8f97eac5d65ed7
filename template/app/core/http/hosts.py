"""The names that the API is known by, and the redirect to HTTPS."""

import re
from functools import lru_cache

from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware
from starlette.types import Receive, Scope, Send

from app.core.errors import BadRequestError
from app.core.http.scope import is_probe

HOST = re.compile(
    rb"(?i)([a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])\.?(?::(\d{1,5}))?"
)
MAX_PORT = 65_535


@lru_cache
def parse_host(value: bytes) -> str | None:
    """Return the name in a `Host`, in lower case; `None` if no host can have it."""
    match = HOST.fullmatch(value)
    if not match or int(match[2] or 0) > MAX_PORT:
        return None
    return match[1].decode("ascii").lower()


def host_name(scope: Scope) -> str | None:
    """Return the name of the host; `None` where HTTP/1.0 names no host.

    Raises:
        BadRequestError: If there are several hosts, or one that cannot exist (RFC 9112,
            3.2).
    """
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if not hosts and scope.get("http_version") == "1.0":
        return None
    name = parse_host(hosts[0]) if len(hosts) == 1 else None
    if name is None:
        raise BadRequestError("The request must have one valid `Host`.")
    return name


class AllowedHosts:
    """The names that the API is known by.

    Args:
        names: Host names; `*.example.com` covers every subdomain, `*` every host.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = frozenset(name.lower().removesuffix(".") for name in names)
        self.suffixes = tuple(name[1:] for name in self.names if name.startswith("*."))

    def check(self, scope: Scope) -> None:
        """Compare `Host`; probes come by address.

        Raises:
            BadRequestError: If the host is another one.
        """
        name = host_name(scope)
        if "*" in self.names or is_probe(scope):
            return
        if name is None or (
            name not in self.names and not name.endswith(self.suffixes)
        ):
            raise BadRequestError("The API is not known by this `Host`.")


class RedirectMiddleware(HTTPSRedirectMiddleware):
    """Redirects all requests but the probes of whoever runs the application."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] == "http" and is_probe(scope):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
