"""What the fuzzer must know; `schemathesis.toml` names this file."""

from typing import Any
from uuid import uuid4

import schemathesis

MANY, SHORT = 20, 50


def before_call(_context: object, case: Any, _options: object) -> None:
    """Mend what no schema can say: what is not valid after what was sent before.

    A cursor comes from a page, a key that has been used may not say something else, an
    entity tag stands in quotes, and a path with its query has at most 16 kB.
    """
    for name, value in (case.query or {}).items():
        if isinstance(value, list) and len(value) > MANY:
            case.query[name] = [str(one)[:SHORT] for one in value]
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if case.query:
        case.query.pop("cursor", None)
    if case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = uuid4().hex
    if case.headers and not case.headers.get("If-Match", "*").endswith(("*", '"')):
        case.headers["If-Match"] = "*"


schemathesis.hook(before_call)
