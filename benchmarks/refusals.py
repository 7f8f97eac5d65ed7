"""What the time of a refused login tells: it must not tell whether there is an account."""

from __future__ import annotations

import asyncio
from statistics import median

from benchmarks.client import Connection, login
from benchmarks.project import PASSWORD, USERS, Project
from benchmarks.workers import serve_workers

NO_LIMIT = {
    "THROTTLE__FAILURES": "1000000",
    "THROTTLE__FAILURES_PER_ACCOUNT": "1000000",
    "THROTTLE__FAILURES_PER_CLIENT": "1000000",
}
KINDS = {
    "unknown user": ("nobody{}", PASSWORD),
    "wrong password": ("active{}", PASSWORD[::-1]),
    "disabled user": ("disabled{}", PASSWORD),
}
MAX_DIFFERENCE = 0.25

HEAD = """\
| refused login | median | to the fastest |
| --- | ---: | ---: |"""


def measure_refusals(project: Project, attempts: int) -> str:
    """Give a table of the medians."""
    with serve_workers(project, 1, **NO_LIMIT) as server:
        times = asyncio.run(take_turns(server.port, attempts))
    medians = {kind: median(found) for kind, found in times.items()}
    fastest = min(medians.values())
    rows = [
        f"| {kind} | {value * 1000:.2f} ms | {value / fastest - 1:+.1%} |"
        for kind, value in medians.items()
    ]
    worst = max(medians.values()) / fastest - 1
    aim = f"\nLargest difference {worst:.1%} (aim: below {MAX_DIFFERENCE:.0%})."
    return "\n".join([HEAD, *rows, aim])


async def take_turns(port: int, attempts: int) -> dict[str, list[float]]:
    """Try each kind in turn; accounts that were tried before come again after `USERS` turns."""
    connection = await Connection.open(port)
    for _ in range(10):
        await connection.ask(login("nobody", PASSWORD))
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number in range(attempts):
        # Every other turn goes backwards, as in `measure`.
        for kind, (name, password) in list(KINDS.items())[:: -1 if number % 2 else 1]:
            status, took = await connection.ask(login(name.format(number % USERS), password))
            if status != 401:
                raise RuntimeError(f"{kind}: answered with {status}.")
            times[kind].append(took)
    connection.close()
    return times
