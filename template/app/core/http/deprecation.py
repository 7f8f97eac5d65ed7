"""Marks operations that will go away."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime

from fastapi import Request, Response


def deprecated(
    since: datetime, sunset: datetime, successor: str
) -> Callable[[Request, Response], Awaitable[None]]:
    """Announce the end of an operation in its answers; for `dependencies=[Depends(...)]`.

    Args:
        since: When it was deprecated (`Deprecation`, RFC 9745).
        sunset: When it will stop working (`Sunset`, RFC 8594); aware, in UTC.
        successor: Address of what to use instead.
    """
    headers = {
        "Deprecation": f"@{since.timestamp():.0f}",
        "Sunset": format_datetime(sunset, usegmt=True),
        "Link": f'<{successor}>; rel="successor-version"',
    }

    async def announce(request: Request, response: Response) -> None:
        request.state.problem_headers = headers
        response.headers.update(headers)

    return announce
