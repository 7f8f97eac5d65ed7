"""Waits for locks a moment at a time: whoever comes meanwhile waits behind."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import await_only

TRIES = 20
PAUSE = 1.0
"""Seconds between two tries, in which others go on."""

LOCKED = (
    "Nothing more is changed: another transaction keeps a table locked. Migrate again"
    " when it has ended; the database's list of processes shows it."
)


def is_lock_timeout(error: Any) -> bool:
    """Whether a driver says so: by a state, a number, or a name of SQLite's."""
    busy = getattr(error, "sqlite_errorname", "") == "SQLITE_BUSY"
    is_state = getattr(error, "sqlstate", "") == "55P03"
    return busy or is_state or error.args[:1] == (1205,)


async def patiently(migrate: Callable[[], Awaitable[None]]) -> None:
    """Begin all of it anew when a lock cannot be had; `SystemExit` if it never can."""
    for _ in range(TRIES):
        try:
            await migrate()
        except DBAPIError as error:
            if not is_lock_timeout(error.orig):
                raise
            await asyncio.sleep(PAUSE)
        else:
            return
    raise SystemExit(LOCKED)


def retry_statements(connection: Connection) -> None:
    """Try each statement again: what went before it cannot be undone."""

    def execute(way: str, cursor: Any, statement: str, parameters: Any) -> bool:
        for left in reversed(range(TRIES)):
            try:
                getattr(cursor, way)(statement, parameters)
                break
            except Exception as error:
                if not is_lock_timeout(error):
                    raise
                if not left:
                    raise SystemExit(LOCKED) from None
                await_only(asyncio.sleep(PAUSE))
        return True

    @event.listens_for(connection.engine, "do_execute")
    def once(cursor: Any, statement: str, parameters: Any, _context: object) -> bool:
        return execute("execute", cursor, statement, parameters)

    @event.listens_for(connection.engine, "do_executemany")
    def often(cursor: Any, statement: str, parameters: Any, _context: object) -> bool:
        return execute("executemany", cursor, statement, parameters)
