"""Sets up the log: one pipeline for our own entries and those of libraries."""

import logging
import math
import re
import sys
from io import TextIOWrapper
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

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
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
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


def configure_logging(
    level: str, *, json: bool, stream: TextIO | None = None
) -> FilteringBoundLogger:
    """Send every log entry of the process to one stream; return the log of requests.

    That one masks nothing, which would cost as much as all else done with its lines.
    """
    stream = stream or sys.stdout
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    stamp: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        *stamp,
        structlog.processors.format_exc_info,
        redact,
    ]
    render: Processor = structlog.processors.JSONRenderer()
    if not json:
        render = structlog.dev.ConsoleRenderer(
            colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    capture_libraries(level, stream, shared, render)
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
    )
    writer = structlog.WriteLogger(stream)
    access_log: FilteringBoundLogger = structlog.wrap_logger(writer, [*stamp, render])
    return access_log.bind()


def capture_libraries(
    level: str, stream: TextIO, shared: list[Processor], render: Processor
) -> None:
    """Send what libraries log through the same pipeline.

    Lines of the server about requests are dropped: ours say more.
    """
    formatter = structlog.stdlib.ProcessorFormatter
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        formatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[formatter.remove_processors_meta, render],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"
