"""What a request says of itself, and what is refused before the framework sees it."""

import re
from urllib.parse import unquote_to_bytes

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import Scope

from app.core.errors import BadRequestError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Those that only read (RFC 9110, section 9.2.1); the server throws their body away."""

PROBES = "/health/"
HOST = re.compile(
    r"(?ai)([a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])\.?(?::([0-9]{1,5}))?"
)
MAX_PORT = 65_535


def route_path(scope: Scope) -> str:
    """Return the path as routes have it, without the prefix that a proxy adds."""
    path: str = scope["path"]
    # Inside a mounted folder, `root_path` has that of the folder too.
    root: str = scope.get("app_root_path", scope.get("root_path", ""))
    return path[len(root) :] if path.startswith(f"{root}/") else path


def add_prefix(scope: Scope, root: str) -> None:
    """Complete the path as clients write it, where the proxy took the prefix away."""
    if root and not scope["path"].startswith(f"{root}/"):
        scope["path"] = root + scope["path"]
    scope["root_path"] = root or scope.get("root_path", "")


def is_probe(scope: Scope) -> bool:
    """Whether it asks for health: these come by address, over plain HTTP, and often."""
    return route_path(scope).startswith(PROBES)


async def without_time_limit(request: Request) -> None:
    """Let a route take as long as it needs; for `dependencies=[...]` of a stream.

    A client that does not take its answer is still given up, and so is one that sends
    its body too slowly (`app.core.http.body.SLOWEST`).
    """
    request.state.time_limit.reschedule(None)


def check_host(scope: Scope, allowed: tuple[str, ...]) -> None:
    """Compare `Host` with the names of the API; `*.example.com` covers subdomains.

    Raises:
        BadRequestError: If it is not one of them, or if there are several hosts, or one
            that cannot exist (RFC 9112, 3.2). HTTP/1.0 may name none.
    """
    name, hosts = "", Headers(scope=scope).getlist("host")
    if hosts or scope.get("http_version") != "1.0":
        match = HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if match is None or int(match[2] or 0) > MAX_PORT:
            raise BadRequestError("The request must have one valid `Host`.")
        name = match[1].lower()
    suffixes = tuple(one[1:] for one in allowed if one.startswith("*."))
    known = "*" in allowed or name in allowed or name.endswith(suffixes)
    if not known and not is_probe(scope):
        raise BadRequestError("The API is not known by this `Host`.")


def check_query(scope: Scope) -> None:
    """Refuse a query that is not UTF-8: the framework would replace its characters."""
    query: bytes = scope["query_string"]
    if query and (b"%" in query or not query.isascii()):
        try:
            unquote_to_bytes(query).decode()
        except UnicodeDecodeError:
            raise BadRequestError("The query must be UTF-8.") from None
