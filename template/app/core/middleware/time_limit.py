"""A time limit for the work of many tasks."""

import asyncio
from types import TracebackType
from typing import Any

from app.core.errors import UnavailableError

Task = asyncio.Task[Any] | None


class TimeLimitError(UnavailableError):
    """A request has taken too long; a time-out of something else is another error."""

    def __init__(self) -> None:
        super().__init__("This took too long; please try again.")


class TimeLimit:
    """Does what `asyncio.timeout` does, with one timer for all tasks: every request pays for it.

    All may take equally long, so that they run out of time in the order in which they began. An
    instance can be entered by any number of tasks, by each of them once at a time.

    Args:
        seconds: How long the work inside `with` may take.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.loop: asyncio.AbstractEventLoop | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.began: dict[Task, float] = {}
        self.expired: set[Task] = set()

    def __enter__(self) -> None:
        """Start the clock for the current task."""
        loop = asyncio.get_running_loop()
        if loop is not self.loop:
            self.loop, self.timer, self.began = loop, None, {}
        self.began[asyncio.current_task()] = loop.time()
        if self.timer is None:
            self.timer = loop.call_later(self.seconds, self._expire, loop)

    def _expire(self, loop: asyncio.AbstractEventLoop) -> None:
        self.timer = None
        for task, began in list(self.began.items()):
            left = began + self.seconds - loop.time()
            if left > 0:
                self.timer = loop.call_later(left, self._expire, loop)
                break
            del self.began[task]
            if task is not None:
                self.expired.add(task)
                task.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """Stop the clock; a cancellation that was ours becomes an error, any other goes on."""
        task = asyncio.current_task()
        if self.began.pop(task, None) is None and task in self.expired:
            self.expired.discard(task)
            others = task.uncancel() if task else 0
            if kind is asyncio.CancelledError and not others:
                raise TimeLimitError() from error
