"""One line in the log for every request."""

from datetime import UTC, datetime
from typing import Any, BinaryIO

import orjson
import structlog
from starlette.types import Scope

from app.core.probes import is_probe


def route_template(scope: Scope) -> str | None:
    """Give the path of the matched route with its placeholders; `None` where none matched."""
    context = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
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
            scope: The request; its status is 0 if the client went away before there was an answer,
                and `log_fields` of its state are added to the line.
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
        # Straight to the stream: the processors of the general log would cost as much again.
        line["level"] = "info"
        line["timestamp"] = datetime.now(UTC)
        self._stream.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        self._stream.flush()
