"""Sets up the log: one pipeline for our own entries and those of libraries."""

import json as stdlib_json
import logging
import sys
from typing import Any, BinaryIO

import orjson
import structlog
from structlog.typing import Processor, WrappedLogger

from app.core.access_log import AccessLog
from app.core.redaction import redact
from app.core.request_id import add_request_id

FOREIGN_LOGGERS = ("uvicorn", "uvicorn.error", "uvicorn.access")


def configure_logging(level: str, *, json: bool, stream: BinaryIO | None = None) -> AccessLog:
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
    """Give the last step: from an entry to a line."""
    if json:
        return structlog.processors.JSONRenderer(serializer=to_json)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def to_json(entry: dict[str, object], **_: object) -> str:
    """Render an entry as JSON; what is no JSON value, as text."""
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
