"""Keeps secrets out of the log."""

import re
from typing import Any

from structlog.typing import EventDict, WrappedLogger

MASK = "[redacted]"
SECRET_KEYS = re.compile(r"(?i)passw|secret|token|authorization|cookie|api[_-]?key|credential")
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
    """Mask credentials in addresses, in `Authorization` values and in assignments, and JWTs."""
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
            redact_text(str(name)): redact_value(str(name), item) for name, item in value.items()
        }
    if isinstance(value, list | tuple | set):
        return [redact_value("", item) for item in value]
    return redact_text(value if isinstance(value, str) else str(value))


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask the secrets of a log entry; a processor for structlog."""
    return {key: redact_value(key, value) for key, value in event.items()}
