"""The id of a request: in its answer, in its log entries, and in reports of its client."""

import os
import re
from contextvars import ContextVar

from structlog.typing import EventDict, WrappedLogger

HEADER = b"x-request-id"
HARMLESS = re.compile(rb"[A-Za-z0-9._-]{8,64}")

current: ContextVar[str] = ContextVar("request_id")
"""The id of the request that is being handled."""


def choose_id(given: bytes | None) -> str:
    """Take over the id that a proxy gave the request, if it is harmless in a log, or make one."""
    if given and HARMLESS.fullmatch(given):
        return given.decode("ascii")
    return os.urandom(16).hex()


def add_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Name the current request in a log entry; a processor for structlog."""
    if request_id := current.get(None):
        event.setdefault("request_id", request_id)
    return event
