"""Requests that ask for the application's health, not for its data."""

from starlette.types import Scope

PREFIX = "/health"
PATHS = f"{PREFIX}/"


def is_probe(scope: Scope) -> bool:
    """Tell whether a request is a probe: these come by address, over plain HTTP, all the time."""
    path: str = scope["path"]
    return path.startswith(PATHS)
