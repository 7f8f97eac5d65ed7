"""Fixtures for the tests of accounts."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, TypeVar

import argon2
import pytest
from argon2.exceptions import VerifyMismatchError
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from tests.fixtures.custom import MakeApp

T = TypeVar("T")
Serve = Callable[..., FastAPI]

READ_FOR_EVERY_REQUEST = {"accounts", "throttle"}


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def now(self, _zone: tzinfo) -> datetime:
        """Give the time that it shows."""
        return self.moment

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.moment += timedelta(seconds=seconds)


class Pause:
    """Lets verifications pass, or holds them when they have begun."""

    def __init__(self) -> None:
        self.begun, self.ended = threading.Event(), threading.Event()
        self.ended.set()

    async def hold(self, call: Awaitable[T]) -> asyncio.Future[T]:
        """Make a call that verifies a password, and return while it does so."""
        self.begun.clear()
        self.ended.clear()
        future = asyncio.ensure_future(call)
        assert await asyncio.to_thread(self.begun.wait, 10)
        return future

    def end(self) -> None:
        """Let those who are held go on."""
        self.ended.set()


@pytest.fixture
def pause(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pause]:
    """Give what can hold verifications."""
    pause, verify = Pause(), argon2.low_level.verify_secret

    def hold(*args: Any) -> bool:
        pause.begun.set()
        pause.ended.wait(10)
        return verify(*args)

    monkeypatch.setattr(argon2.low_level, "verify_secret", hold)
    yield pause
    pause.end()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop the clock of the throttling: a slow machine must not wait the delays out."""
    clock = Clock()
    monkeypatch.setattr("app.services.throttle.datetime", clock)
    return clock


@pytest.fixture
def serve(
    app: FastAPI, make_app: MakeApp, sessions: async_sessionmaker[AsyncSession]
) -> Iterator[Serve]:
    """Give a function that gives an application with other settings on the test's database.

    It is the running one where the settings are read anew for every request.
    """
    settings = app.state.settings

    def make(**changes: Any) -> FastAPI:
        if changes and changes.keys() <= READ_FOR_EVERY_REQUEST:
            app.state.settings = settings.model_copy(update=changes)
            return app
        other = make_app(**changes)
        other.state.sessions = sessions
        return other

    yield make
    app.state.settings = settings


@pytest.fixture
def verifications(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Record the outcome of each verification that is really computed."""
    outcomes: list[bool] = []
    verify = argon2.low_level.verify_secret

    def record(*args: Any) -> bool:
        try:
            outcomes.append(verify(*args))
        except VerifyMismatchError:
            outcomes.append(False)
            raise
        return True

    monkeypatch.setattr(argon2.low_level, "verify_secret", record)
    return outcomes


@pytest.fixture
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """Record the statements that read or write a table."""
    executed: list[str] = []

    def record(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            executed.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", record)
    yield executed
    event.remove(engine.sync_engine, "before_cursor_execute", record)
