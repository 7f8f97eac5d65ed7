"""Request bodies: how large they may be, how slow, and whose is not read at all."""

import asyncio
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from fastapi import params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import error_of_status
from app.core.http.request import SAFE_METHODS, route_path, without_time_limit
from app.core.settings import HttpSettings

SMALL_BODY = 16_384
"""Bytes of a form, and of what is read of callers who show no credentials."""
SLOWEST = 10_000
"""Bytes a second of a body that may take longer than others."""


class BodyGuard(NamedTuple):
    """What a feature puts into `app.state.body_guard`: who has to be known first.

    Attributes:
        dependency: Routes that depend on it demand credentials.
        check: Raises an `AppError` if a request shows none that are good.
    """

    dependency: Callable[..., Any]
    check: Callable[[Scope], None]


class BodyRule(NamedTuple):
    """What holds for the bodies of a route."""

    methods: frozenset[str]
    path: re.Pattern[str]
    max_size: int
    is_guarded: bool
    is_multipart: bool
    is_stream: bool


class BodyMiddleware:
    """Looks at a request before its body is read, and bounds what is read.

    A route that takes more than `HTTP__MAX_BODY_BYTES` says so with `max_body_size`. If
    it depends on `without_time_limit`, its body has more time the more of it has come.
    """

    def __init__(self, app: ASGIApp, *, http: HttpSettings) -> None:
        self.app = app
        self.http = http
        self.rules: list[BodyRule] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request; the first one makes the table of what routes take."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            receive = self._check(scope, receive)
        await self.app(scope, receive, send)

    def _check(self, scope: Scope, receive: Receive) -> Receive:
        guard: BodyGuard | None = getattr(scope["app"].state, "body_guard", None)
        if self.rules is None:
            routes = iter_route_contexts(scope["app"].routes)
            self.rules = [
                self._rule(route, guard)
                for route in routes
                if isinstance(route.original_route, APIRoute)
            ]
        method, path, headers = scope["method"], route_path(scope), Headers(scope=scope)
        max_size, slowest = self.http.max_body_bytes, math.inf
        found = (r for r in self.rules if method in r.methods and r.path.match(path))
        if rule := next(found, None):
            if guard and rule.is_guarded:
                guard.check(scope)
            max_size, slowest = rule.max_size, SLOWEST if rule.is_stream else slowest
            media_type = headers.get("content-type", "").lower()
            if media_type.startswith("multipart/") and not rule.is_multipart:
                raise error_of_status(415, "A body of several parts is not taken here.")
        timeout = self.http.body_timeout
        return check_body(headers, receive, max_size, timeout, slowest)

    def _rule(self, route: RouteContext, guard: BodyGuard | None) -> BodyRule:
        parts = list(every(route.dependant))
        kinds = {type(field.field_info) for part in parts for field in part.body_params}
        is_guarded = guard is not None and guard.dependency in {p.call for p in parts}
        max_size = self.http.max_body_bytes
        if params.Form in kinds or (guard and not is_guarded):
            max_size = min(max_size, SMALL_BODY)
        return BodyRule(
            frozenset(route.methods or ()),
            route.path_regex,
            max_size if route.max_body_size is None else route.max_body_size,
            is_guarded,
            is_multipart=params.File in kinds or not kinds,
            is_stream=without_time_limit in {part.call for part in parts},
        )


def every(dependant: Dependant) -> Iterator[Dependant]:
    """Return what a route depends on, itself and all that is behind it."""
    yield dependant
    for inner in dependant.dependencies:
        yield from every(inner)


def check_body(
    headers: Headers,
    receive: Receive,
    max_size: int,
    timeout: float,
    slowest: float = math.inf,
) -> Receive:
    """Return what reads the body, and refuses it while it arrives.

    It raises `HTTPException`: nothing else passes through the framework's parsing.

    Raises:
        AppError: If a larger body is announced than is allowed.
    """
    too_large = f"The body must not be larger than {max_size} bytes."
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_size:
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
        deadline = deadline or asyncio.get_running_loop().time() + timeout
        message = await receive_until(receive, deadline + received / slowest)
        part = message.get("body", b"")
        # UTF-16 and UTF-32 have NUL, a byte order mark is not ASCII (RFC 8259, 8.1).
        if is_json and (b"\0" in part or not (received or part[:1].isascii())):
            raise HTTPException(400, "JSON must be UTF-8, without a byte order mark.")
        received += len(part)
        if received > max_size:
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
