"""A time limit for the work of the current task."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from app.core.errors import UnavailableError


class TimeLimitError(UnavailableError):
    """A request has taken too long; a time-out of something else is another error."""

    def __init__(self) -> None:
        super().__init__("This took too long; please try again.")


class TimeLimit:
    """Does what `asyncio.timeout` does, for a third of its time: every request pays for it.

    Args:
        seconds: How long the work inside `with` may take.
        error: Makes the error that it is after that time.
    """

    def __init__(self, seconds: float, error: Callable[[], Exception] = TimeLimitError) -> None:
        self.seconds = seconds
        self.error = error
        self.expired = False

    def __enter__(self) -> Self:
        """Start the clock."""
        self.task = asyncio.current_task()
        self.timer = asyncio.get_running_loop().call_later(self.seconds, self.expire)
        return self

    def expire(self) -> None:
        """Cancel the work."""
        if self.task is not None:
            self.expired = True
            self.task.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """Stop the clock; a cancellation that was ours becomes an error, any other goes on."""
        self.timer.cancel()
        if self.expired and self.task is not None:
            others = self.task.uncancel()
            if kind is asyncio.CancelledError and not others:
                raise self.error() from error
