"""Refuses requests that a foreign page makes in the name of whoever looks at it."""

from collections.abc import Collection

import structlog
from starlette.requests import Request

from app.core.errors import AppError
from app.core.security.methods import SAFE_METHODS

MAX_ORIGIN = 255
OUR_SITE = frozenset({"same-origin", "none"})

logger = structlog.get_logger()


class ForgedRequestError(AppError):
    """The request can come from a page that has no right to make it."""

    status = 403
    code = "csrf"


def check_origin(request: Request, trusted: Collection[str]) -> None:
    """Refuse a change that a browser says comes from another origin.

    What is no browser says nothing, and has no cookies that others could make use of.

    Args:
        request: The request.
        trusted: Other origins whose pages may make changes.

    Raises:
        ForgedRequestError: If `Origin` (RFC 6454) or `Sec-Fetch-Site` (Fetch Metadata) says so.
    """
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    if origin in trusted:
        return
    is_ours = origin is None or origin.lower() in origins_of(request)
    if not is_ours or request.headers.get("Sec-Fetch-Site", "none") not in OUR_SITE:
        logger.warning("foreign_origin_refused", origin=(origin or "")[:MAX_ORIGIN])
        raise ForgedRequestError("Pages of this origin may not do this.")


def origins_of(request: Request) -> tuple[str, str]:
    """Give the origins that a request's own pages can have; a proxy may have ended the TLS."""
    host = request.headers.get("Host", "").lower()
    return f"http://{host}", f"https://{host}"
