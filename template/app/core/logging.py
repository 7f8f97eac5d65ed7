"""Sets up the log: one pipeline for our own entries and those of libraries."""

import json as stdlib_json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, BinaryIO

import orjson
import structlog
from starlette.types import Scope
from structlog.typing import EventDict, Processor, WrappedLogger

from app.core.http.scope import is_probe

MASK = "[redacted]"
SECRET_KEYS = re.compile(
    r"(?i)passw|secret|token|authorization|cookie|api[_-]?key|credential"
)
IS = r"(?:[\"']?(?:=|:\s?)|[\"'],\s?)"  # a=b, a: b, 'a': 'b', ('a', 'b')
SECRET_TEXTS = (
    re.compile(r"(://)[^/\s:@]*:[^/\s]+(?=@)"),
    re.compile(r"(?i)(bearer |basic )\S+"),
    re.compile(r"()eyJ[\w-]+\.[\w-]+\.[\w-]*"),
    re.compile(rf"(?i)((?:authorization|cookie){IS}b?[\"']?)[^\"'\n]+"),
    re.compile(
        rf"(?i)((?:passw|secret|token|api[_-]?key|credential)[\w-]{{0,30}}{IS})"
        r"(?:b?\"[^\"\n]*\"|b?'[^'\n]*'|[^\s\"'&,;)}\]]+)"
    ),
)


def redact_text(text: str) -> str:
    """Mask credentials in URLs, headers and assignments, and JWTs."""
    text = text.encode(errors="backslashreplace").decode()
    for pattern in SECRET_TEXTS:
        text = pattern.sub(rf"\1{MASK}", text)
    return text


def redact_value(key: str, value: Any) -> Any:
    """Mask a value by its key, or what looks like a secret anywhere inside it."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if SECRET_KEYS.search(key):
        return MASK
    if isinstance(value, dict):
        return {
            redact_text(str(name)): redact_value(str(name), item)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple | set):
        return [redact_value("", item) for item in value]
    return redact_text(value if isinstance(value, str) else str(value))


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask the secrets of a log entry; a processor for structlog."""
    return {key: redact_value(key, value) for key, value in event.items()}


current_request_id: ContextVar[str] = ContextVar("request_id")
"""The id of the request that is being handled."""


def add_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the current request's id to a log entry; a processor for structlog."""
    if request_id := current_request_id.get(None):
        event.setdefault("request_id", request_id)
    return event


def route_template(scope: Scope) -> str | None:
    """Return the path of the matched route, with its placeholders."""
    context = scope.get("fastapi", {}).get("effective_route_context") or scope.get(
        "route"
    )
    return getattr(context, "path", None)


class AccessLog:
    """Writes a line for each request, except for probes of its health.

    Args:
        stream: Takes the lines as JSON; without it they go through the readable log.
    """

    def __init__(self, stream: BinaryIO | None) -> None:
        self._stream = stream
        self._logger = structlog.get_logger("access")

    def write(self, scope: Scope, seconds: float) -> None:
        """Write the line of a request that has ended.

        Args:
            scope: The request; its status is 0 if the client went away before there was
                an answer, and `log_fields` of its state are added to the line.
            seconds: How long it took.
        """
        if is_probe(scope):
            return
        state, client = scope["state"], scope.get("client")
        line: dict[str, Any] = {
            "event": "request",
            "request_id": state["request_id"],
            "client": client[0] if client else None,
            "method": scope["method"],
            "route": route_template(scope),
            "status": state["status"],
            "duration_ms": round(seconds * 1000, 2),
            **state.get("log_fields", {}),
        }
        if self._stream is None:
            self._logger.info(**line)
            return
        # Straight to the stream: the processors of the general log would cost as much
        # again.
        line["level"] = "info"
        line["timestamp"] = datetime.now(UTC)
        self._stream.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        self._stream.flush()


FOREIGN_LOGGERS = ("uvicorn", "uvicorn.error", "uvicorn.access")


def configure_logging(
    level: str, *, json: bool, stream: BinaryIO | None = None
) -> AccessLog:
    """Send every log entry of the process to one stream.

    Args:
        level: The lowest level that is written.
        json: JSON lines for machines, or text for people.
        stream: Where to write; standard output by default.

    Returns:
        The log of requests, which shares the stream.
    """
    stream = stream or sys.stdout.buffer
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        add_request_id,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, renderer(json=json), to_bytes],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(stream),
    )
    capture_foreign_loggers(level, shared, renderer(json=json), stream)
    direct = json and logging.getLevelNamesMapping()[level] <= logging.INFO
    return AccessLog(stream if direct else None)


def renderer(*, json: bool) -> Processor:
    """Return the last step: from an entry to a line."""
    if json:
        return structlog.processors.JSONRenderer(serializer=to_json)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def to_json(entry: dict[str, object], **_: object) -> str:
    """Render an entry as JSON; what JSON has no value for, as text."""
    try:
        return orjson.dumps(entry, default=str).decode()
    except orjson.JSONEncodeError:  # an integer of more than 64 bits
        return stdlib_json.dumps(entry, default=str)


def to_bytes(_logger: WrappedLogger, _method: str, line: Any) -> bytes:
    """Encode a line, which is what the renderer makes of an entry."""
    return str(line).encode()


def capture_foreign_loggers(
    level: str, shared: list[Processor], render: Processor, stream: BinaryIO
) -> None:
    """Send what libraries log through the same pipeline.

    Lines of the server about requests are dropped: ours say more.
    """
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
    )
    handler = BytesHandler(stream)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in FOREIGN_LOGGERS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"


class BytesHandler(logging.Handler):
    """Writes to the same stream as structlog, a whole line at a time."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._write = structlog.BytesLogger(stream).msg

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        self._write(self.format(record).encode())
