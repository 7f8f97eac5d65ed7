"""What a feature plugs into the application."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from click import Command
from fastapi import APIRouter, FastAPI
from sqlalchemy.orm import InstrumentedAttribute


@dataclass(frozen=True)
class Prunable:
    """A table whose rows are deleted when they are too old.

    Attributes:
        column: When a row expires, or when it was made.
        keep: How long rows are kept after that, by the settings.
    """

    column: InstrumentedAttribute[datetime]
    keep: Callable[[Any], timedelta] = lambda _settings: timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Feature:
    """What `app.features` lists; each gives what it has.

    Attributes:
        routers: Its endpoints.
        tags: How the documentation groups them.
        prunable: Its tables whose rows expire.
        commands: What it adds to `python -m app`.
        register: Called with the application and its settings while it is put together.
        lifespan: Called with the same, and held open while requests are served.
    """

    routers: Sequence[APIRouter] = ()
    tags: Sequence[dict[str, str]] = ()
    prunable: Sequence[Prunable] = ()
    commands: Sequence[Command] = ()
    register: Callable[[FastAPI, Any], None] = lambda _app, _settings: None
    lifespan: Callable[[FastAPI, Any], AbstractAsyncContextManager[None]] = (
        lambda _app, _settings: nullcontext()
    )
