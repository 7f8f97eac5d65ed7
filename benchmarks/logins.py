"""What logins cost others: two workers, probed while many log in at once."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, repeat
from statistics import quantiles

import uvloop

from benchmarks.client import HEALTH, Connection, login
from benchmarks.project import PASSWORD, USERS, Project
from benchmarks.workers import Memory, Workers, serve_workers

WORKERS = 2
AT_ONCE = 20
PROBES = 8
PROBE_INTERVAL = 0.005
MEMORY_INTERVAL = 0.5
MAX_P99, MAX_MEMORY = 0.1, 350

HEAD = """\
| logins, 2 workers | health p50 | p99 | max | logins/s | login p50 | p99 | RSS | PSS | not 200 |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"""


@dataclass
class Phase:
    """What has been seen for some seconds."""

    seconds: float
    health: list[float] = field(default_factory=list)
    logins: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    memory: list[Memory] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start the clock."""
        self.deadline = time.perf_counter() + self.seconds


def measure_logins(project: Project, seconds: float) -> str:
    """Give a table: the idle server, many users, one user."""
    with (
        serve_workers(project, WORKERS) as server,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        gc.collect()
        gc.freeze()
        phases = runner.run(run_phases(server, seconds))
    return "\n".join([HEAD, *(row(name, phase) for name, phase in phases.items()), verdict(phases)])


async def run_phases(server: Workers, seconds: float) -> dict[str, Phase]:
    """Look at the server idle, then busy."""
    await until_all_serve(server)
    phases = {"idle": await watch(server, seconds, None)}
    many = cycle(f"active{number}" for number in range(USERS))
    await watch(server, 1, many)
    phases[f"{AT_ONCE} users at once"] = await watch(server, seconds, many)
    phases[f"one user, {AT_ONCE} at once"] = await watch(server, seconds, repeat("owner"))
    return phases


async def until_all_serve(server: Workers) -> None:
    """Wait for the workers: the socket is open before they are there."""
    connection = await Connection.open(server.port)
    await connection.ask(HEALTH)
    connection.close()
    await asyncio.sleep(2)


async def watch(server: Workers, seconds: float, names: Iterator[str] | None) -> Phase:
    """Probe the server for some seconds while these users log in, without end."""
    # One after the other: those that come at once would be accepted by the same worker.
    probes = []
    for _ in range(PROBES):
        probes.append(await Connection.open(server.port))
        await asyncio.sleep(0.05)
    phase = Phase(seconds)
    async with asyncio.TaskGroup() as group:
        for number, probe in enumerate(probes):
            group.create_task(keep_probing(probe, number, phase))
        for _ in range(AT_ONCE if names else 0):
            group.create_task(keep_logging_in(server.port, names or repeat(""), phase))
        group.create_task(keep_weighing(server, phase))
    return phase


async def keep_probing(connection: Connection, number: int, phase: Phase) -> None:
    """Probe in turn with the others; a probe's time begins when it was due, not when it was sent.

    Otherwise the probes that a blocked server delays would not count.
    """
    due = time.perf_counter() + number * PROBE_INTERVAL
    while due < phase.deadline:
        await asyncio.sleep(max(0, due - time.perf_counter()))
        status, _ = await connection.ask(HEALTH)
        if status != 200:
            raise RuntimeError(f"A probe was answered with {status}.")
        phase.health.append(time.perf_counter() - due)
        due += PROBES * PROBE_INTERVAL
    connection.close()


async def keep_logging_in(port: int, names: Iterator[str], phase: Phase) -> None:
    """Log in again and again, each time on a connection of its own as another client would."""
    while time.perf_counter() < phase.deadline:
        connection = await Connection.open(port)
        status, took = await connection.ask(login(next(names), PASSWORD))
        connection.close()
        if status == 200:
            phase.logins.append(took)
        else:
            phase.refused[status] += 1


async def keep_weighing(server: Workers, phase: Phase) -> None:
    """Read the server's memory now and then; reading it often would slow it down."""
    while time.perf_counter() < phase.deadline:
        phase.memory.append(await asyncio.to_thread(server.memory))
        await asyncio.sleep(MEMORY_INTERVAL)


def percentile(times: list[float], percent: int) -> float:
    """Give a percentile; of nothing, 0."""
    return quantiles(times, n=100, method="inclusive")[percent - 1] if len(times) > 1 else 0


def row(name: str, phase: Phase) -> str:
    """Give a line of the table."""
    ms = [f"{percentile(phase.health, percent) * 1000:.1f} ms" for percent in (50, 99)]
    ms.append(f"{max(phase.health) * 1000:.1f} ms")
    ms.append(f"{len(phase.logins) / phase.seconds:.0f}")
    ms += [f"{percentile(phase.logins, percent) * 1000:.0f} ms" for percent in (50, 99)]
    ms.append(f"{max(one.rss for one in phase.memory):.0f} MiB")
    ms.append(f"{max(one.pss for one in phase.memory):.0f} MiB")
    refused = ", ".join(f"{count} x {status}" for status, count in sorted(phase.refused.items()))
    return f"| {name} | {' | '.join(ms)} | {refused or '-'} |"


def verdict(phases: dict[str, Phase]) -> str:
    """Say whether the aims are met."""
    p99 = max(percentile(phase.health, 99) for phase in phases.values())
    seen = [one for phase in phases.values() for one in phase.memory]
    rss, pss = max(one.rss for one in seen), max(one.pss for one in seen)
    return (
        f"\nWorst p99 {p99 * 1000:.0f} ms (aim: below {MAX_P99 * 1000:.0f}), most memory "
        f"{rss:.0f} MiB, {pss:.0f} with shared pages once (aim: below {MAX_MEMORY})."
    )
