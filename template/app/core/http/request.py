"""What a request says of itself, and what is refused before the framework sees it."""

import asyncio
import re
from urllib.parse import unquote_to_bytes

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from app.core.errors import BadRequestError, error_of_status
from app.core.settings import HttpSettings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Those that only read (RFC 9110, section 9.2.1); the server throws their body away."""

PROBES = "/health/"
HOST = re.compile(
    r"(?ai)([a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])\.?(?::([0-9]{1,5}))?"
)
MAX_PORT = 65_535


def is_probe(scope: Scope) -> bool:
    """Whether it asks for health: these come by address, over plain HTTP, and often."""
    path: str = scope["path"]
    return path.startswith(PROBES)


async def without_time_limit(request: Request) -> None:
    """Let an answer take as long as it needs; for `dependencies=[...]` of a stream.

    A client that does not take it is still given up.
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


def check_body(scope: Scope, receive: Receive, http: HttpSettings) -> Receive:
    """Return what reads the body, and refuses it while it arrives.

    It raises `HTTPException`: nothing else passes through the framework's parsing.

    Raises:
        AppError: If a larger body is announced than is allowed.
    """
    if scope["method"] in SAFE_METHODS:
        return receive
    too_large = f"The body must not be larger than {http.max_body_bytes} bytes."
    headers = Headers(scope=scope)
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > http.max_body_bytes:
        raise error_of_status(413, too_large)
    media_type = headers.get("content-type", "").partition(";")[0]
    is_json = media_type.strip().lower().endswith("json")
    received, is_complete = 0, False
    deadline: float | None = None

    async def receive_checked() -> Message:
        nonlocal received, is_complete, deadline
        if is_complete:
            return await receive()
        # The time for all parts begins with the first.
        deadline = deadline or asyncio.get_running_loop().time() + http.body_timeout
        message = await receive_until(receive, deadline)
        part = message.get("body", b"")
        # UTF-16 and UTF-32 have NUL, a byte order mark is not ASCII (RFC 8259, 8.1).
        if is_json and (b"\0" in part or not (received or part[:1].isascii())):
            raise HTTPException(400, "JSON must be UTF-8, without a byte order mark.")
        received += len(part)
        if received > http.max_body_bytes:
            raise HTTPException(413, too_large)
        is_complete = not message.get("more_body", False)
        return message

    return receive_checked


async def receive_until(receive: Receive, deadline: float) -> Message:
    """Return the next part of a body; refuse one that does not come in time."""
    try:
        async with asyncio.timeout_at(deadline) as limit:
            return await receive()
    except TimeoutError:
        if not limit.expired():
            raise
        # What may still come of the body is not waited for.
        headers = {"Connection": "close"}
        raise HTTPException(408, "The body took too long.", headers) from None
