"""What a request says of itself before its route is found."""

from starlette.types import Scope

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Those that only read (RFC 9110, section 9.2.1); the server throws their body away."""

PROBES = "/health/"


def is_probe(scope: Scope) -> bool:
    """Whether it asks for health: these come by address, over plain HTTP, and often."""
    path: str = scope["path"]
    return path.startswith(PROBES)


def header(scope: Scope, name: bytes) -> bytes:
    """Return the value of a header; empty where there is none."""
    for found, value in scope["headers"]:
        if found == name:
            return bytes(value)
    return b""
