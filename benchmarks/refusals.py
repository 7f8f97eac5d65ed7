"""What the time of an answer tells: it must not tell whether there is an account."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from statistics import median

from benchmarks.client import Connection, forgot, login
from benchmarks.project import PASSWORD, USERS, Project
from benchmarks.workers import serve_workers

NO_LIMIT = {
    "MAIL__WORKER": "false",
    **{
        f"THROTTLE__{name}": "1000000"
        for name in (
            "FAILURES",
            "FAILURES_PER_ACCOUNT",
            "FAILURES_PER_CLIENT",
            "MAILS",
            "MAILS_PER_RECIPIENT",
            "MAILS_PER_CLIENT",
        )
    },
}
Kinds = Mapping[str, Callable[[int], bytes]]
LOGINS: Kinds = {
    "unknown user": lambda number: login(f"nobody{number}", PASSWORD),
    "wrong password": lambda number: login(f"active{number}", PASSWORD[::-1]),
    "disabled user": lambda number: login(f"disabled{number}", PASSWORD),
}
FORGOTTEN: Kinds = {
    "unknown address": lambda number: forgot(f"nobody{number}@example.com"),
    "known address": lambda number: forgot(f"active{number}@example.com"),
    "address of a disabled user": lambda number: forgot(f"disabled{number}@example.com"),
}
MAX_DIFFERENCE = 0.25


def measure_refusals(project: Project, attempts: int) -> str:
    """Give tables of the medians."""
    with serve_workers(project, 1, **NO_LIMIT) as server:
        refused = asyncio.run(take_turns(server.port, LOGINS, 401, attempts))
        queued = asyncio.run(take_turns(server.port, FORGOTTEN, 202, attempts))
    return "\n\n".join([table("refused login", refused), table("forgotten password", queued)])


def table(title: str, times: Mapping[str, list[float]]) -> str:
    """Compare the medians."""
    medians = {kind: median(found) for kind, found in times.items()}
    fastest = min(medians.values())
    rows = [
        f"| {kind} | {value * 1000:.2f} ms | {value / fastest - 1:+.1%} |"
        for kind, value in medians.items()
    ]
    worst = max(medians.values()) / fastest - 1
    aim = f"\nLargest difference {worst:.1%} (aim: below {MAX_DIFFERENCE:.0%})."
    return "\n".join(
        [f"| {title} | median | to the fastest |", "| --- | ---: | ---: |", *rows, aim]
    )


async def take_turns(
    port: int, kinds: Kinds, expected: int, attempts: int
) -> dict[str, list[float]]:
    """Try each kind in turn; accounts that were tried before come again after `USERS` turns."""
    connection = await Connection.open(port)
    for number in range(10):
        await connection.ask(next(iter(kinds.values()))(number))
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(attempts):
        # Every other turn goes backwards, as in `measure`.
        for kind, write in list(kinds.items())[:: -1 if number % 2 else 1]:
            status, took = await connection.ask(write(number % USERS))
            if status != expected:
                raise RuntimeError(f"{kind}: answered with {status}.")
            times[kind].append(took)
    connection.close()
    return times
