"""What the fuzzer must know; `schemathesis.toml` names this file."""

from typing import Any
from uuid import uuid4

import schemathesis


def before_call(_context: object, case: Any, _options: object) -> None:
    """Mend what no schema can say: what is not valid after what was sent before.

    A cursor comes from a page, and a key that has been used may not say something else.
    """
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if case.query:
        case.query.pop("cursor", None)
    if case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = uuid4().hex


schemathesis.hook(before_call)
