"""What requests at the limit, sent by nobody known, cost those who ask for something small.

Run as a script, with a port, it sends them until it is ended.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from statistics import median

from benchmarks.client import HEALTH, Connection, post
from benchmarks.project import Project
from benchmarks.workers import serve_workers
from tests.questions.clone import ROOT

MAX_RATIO = 3
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
LOGIN, REGISTER, ITEMS = "/api/v1/auth/login", "/api/v1/auth/register", "/api/v1/items"
SIZE = 16_384


def filled(unit: str, begin: str = "", end: str = "") -> str:
    """Return as much of something as is taken."""
    return begin + unit * ((SIZE - len(begin) - len(end)) // len(unit)) + end


SHAPES = [
    (REGISTER, JSON, "{" + ",".join(f'"{n:x}":1' for n in range(SIZE // 10)) + "}"),
    (REGISTER, JSON, filled("[],", "[", "1]")),
    (REGISTER, JSON, filled("{},", "[", "1]")),
    (REGISTER, JSON, filled("1,", "[", "1]")),
    (REGISTER, JSON, filled("1e308,", "[", "1]")),
    (REGISTER, JSON, filled("9" * 4000 + ",", "[", "1]")),
    (REGISTER, JSON, "[" * SIZE),
    (REGISTER, JSON, filled("a@", '{"email":"', '"}')),
    (REGISTER, JSON, filled("\\u00e9", '{"username":"', '"}')),
    (REGISTER, JSON, filled('"email":"a",', "{", '"email":"a"}')),
    (REGISTER, JSON, filled("\\", '{"email":"')),
    (REGISTER, JSON, filled(" ")),
    (LOGIN, FORM, filled("&")),
    (LOGIN, FORM, filled("a=b&")),
    (LOGIN, FORM, filled("%41", "username=")),
    (LOGIN, FORM, filled("+", "password=")),
    (LOGIN, "multipart/form-data; boundary=x", filled("--x\r\n")),
    (ITEMS, JSON, filled("[],", "[", "1]") * 8),
    (ITEMS, JSON, filled(" ") * 64),
    (ITEMS, "text/plain", filled("a") * 64),
]


def measure_floods(project: Project, attempts: int) -> str:
    """Give the table of the medians of `/health/live`: alone, and beside each other."""
    with serve_workers(project, 1, RATE_LIMIT__ENABLED="false") as server:
        idle, busy = asyncio.run(compare(server.port, attempts))
    ratio = busy / idle
    return "\n".join(
        [
            "| `/health/live` | median |",
            "| --- | ---: |",
            f"| alone | {idle * 1000:.2f} ms |",
            f"| beside a connection that sends {len(SHAPES)} shapes | {busy * 1000:.2f} ms |",
            f"\nRatio {ratio:.2f} (aim: at most {MAX_RATIO}).",
        ]
    )


async def compare(port: int, attempts: int) -> tuple[float, float]:
    """Return the medians without and with somebody who sends what is at the limit."""
    idle = await ask(port, attempts)
    # Another process: this one must not hold itself up.
    flood = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.floods", str(port)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert flood.stdout
    await flood.stdout.readline()
    try:
        busy = await ask(port, attempts)
        if flood.returncode is not None:
            raise RuntimeError("The flood has ended early.")
    finally:
        flood.terminate()
        await flood.wait()
    return idle, busy


async def ask(port: int, attempts: int) -> float:
    """Ask for health again and again, and return the median."""
    connection = await Connection.open(port)
    times = [(await connection.ask(HEALTH))[1] for _ in range(attempts)]
    connection.close()
    return median(times)


async def send(port: int) -> None:
    """Send one shape after the other; a refusal that ends the connection opens another."""
    print("Sending.", flush=True)
    while True:
        for shape in SHAPES:
            with suppress(OSError, asyncio.IncompleteReadError):
                connection = await Connection.open(port)
                status, _ = await connection.ask(post(*shape))
                connection.close()
                if status < 400:
                    raise RuntimeError(f"{shape[0]}: answered with {status}.")


if __name__ == "__main__":
    asyncio.run(send(int(sys.argv[1])))
