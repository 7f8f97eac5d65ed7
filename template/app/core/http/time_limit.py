"""A time limit for the work of many tasks."""

import asyncio
from types import TracebackType
from typing import Any

from app.core.errors import UnavailableError


class TimeLimitError(UnavailableError):
    """A request has taken too long; a time-out of something else is another error."""

    def __init__(self) -> None:
        super().__init__("This took too long; please try again.")


class Clock:
    """Does with one timer what `asyncio.timeout` does with one for each piece of work.

    All may take equally long, so that they run out of time in the order in which they
    began.

    Args:
        loop: The event loop in which the work is done.
        seconds: How long each piece may take.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self.loop = loop
        self.seconds = seconds
        self.timer: asyncio.TimerHandle | None = None
        self.began: dict[LimitedWork, float] = {}

    def start(self, work: "LimitedWork") -> None:
        """Start the time of a piece of work."""
        self.began[work] = self.loop.time()
        if self.timer is None:
            self.timer = self.loop.call_later(self.seconds, self._expire)

    def stop(self, work: "LimitedWork") -> None:
        """Forget a piece of work; the timer goes on for those behind it."""
        self.began.pop(work, None)

    def _expire(self) -> None:
        self.timer = None
        while self.began:
            work, began = next(iter(self.began.items()))
            left = began + self.seconds - self.loop.time()
            if left > 0:
                self.timer = self.loop.call_later(left, self._expire)
                return
            del self.began[work]
            work.expire()


class LimitedWork:
    """A piece of work, to be done inside `with`."""

    __slots__ = ("clock", "is_expired", "task")

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.task: asyncio.Task[Any] | None = None
        self.is_expired = False

    def __enter__(self) -> None:
        """Start its time."""
        self.task = asyncio.current_task()
        self.clock.start(self)

    def expire(self) -> None:
        """Cancel it."""
        if self.task is not None:
            self.is_expired = True
            self.task.cancel()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        """Stop its time; a cancellation that was ours becomes an error, any other goes on."""
        self.clock.stop(self)
        if self.is_expired and self.task is not None:
            others = self.task.uncancel()
            if kind is asyncio.CancelledError and not others:
                raise TimeLimitError() from error


class TimeLimit:
    """Bounds any number of pieces of work: `with limit(): ...`.

    Args:
        seconds: How long each may take.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.clock: Clock | None = None

    def __call__(self) -> LimitedWork:
        """Prepare a piece of work of the current task."""
        loop, clock = asyncio.get_running_loop(), self.clock
        if clock is None or clock.loop is not loop:
            clock = self.clock = Clock(loop, self.seconds)
        return LimitedWork(clock)
