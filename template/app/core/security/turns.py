"""Work that takes turns: a few at a time, in threads."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from anyio import Semaphore

from app.core.errors import UnavailableError

T = TypeVar("T")


class Turns:
    """Does so much work at a time, and lets only so much wait. It belongs to one event loop.

    Args:
        name: What it is; so its threads are called.
        places: How many work at once.
        max_waiting: How many may wait for a place.
        max_waiting_per_client: How many of one client among them.
    """

    def __init__(
        self, name: str, places: int, *, max_waiting: int, max_waiting_per_client: int
    ) -> None:
        self._places = Semaphore(places)
        self._threads = ThreadPoolExecutor(places, thread_name_prefix=name)
        self._max_waiting = max_waiting
        self._max_waiting_per_client = max_waiting_per_client
        self._waiting: Counter[str] = Counter()

    def close(self) -> None:
        """Let the threads end; whoever still waits gets no answer."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def take_place(self, client: str) -> None:
        """Wait for a place; `work` or `leave` gives it back.

        Raises:
            UnavailableError: If too many are waiting already, or too many of this client's.
        """
        waiting = self._places.statistics().tasks_waiting
        if waiting >= self._max_waiting or self._waiting[client] >= self._max_waiting_per_client:
            raise UnavailableError
        self._waiting[client] += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= Counter([client])

    def leave(self) -> None:
        """Give a place back without having worked."""
        self._places.release()

    async def work(self, work: Callable[[], T]) -> T:
        """Work in a thread, and give the place back when the thread is done.

        A cancelled request leaves its thread behind, and that still takes memory and time.
        """
        loop = asyncio.get_running_loop()
        job = self._threads.submit(work)
        job.add_done_callback(lambda _: loop.call_soon_threadsafe(self._places.release))
        return await asyncio.wrap_future(job)
