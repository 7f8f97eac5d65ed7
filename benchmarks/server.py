"""A target that is being served in a process of its own, on a core of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.project import Project

HERE = Path(__file__).parent
SERVER_CORE, CLIENT_CORE = "0", "1"
PATIENCE = 20


@dataclass(frozen=True)
class Sample:
    """What one burst of requests has shown."""

    per_second: float
    cpu_us: float


@dataclass
class Server:
    """A running target.

    Attributes:
        callers: How many callers are behind the proxy that it seems to be asked by; 0 for none.
        answered: How many requests it has answered: the next one is the next caller's.
    """

    name: str
    port: int
    pid: int
    authorization: str
    callers: int = 0
    answered: int = 0

    def load(self, path: str, seconds: float, connections: int) -> Sample:
        """Send a burst of requests."""
        who = (self.authorization, self.callers, self.answered)
        words = (self.port, path, seconds, connections, CLIENT_CORE, *who)
        command = [sys.executable, str(HERE / "load.py"), *map(str, words)]
        before = self._cpu_ns()
        ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        answered, took = (float(number) for number in ran.stdout.split())
        self.answered += int(answered)
        return Sample(answered / took, (self._cpu_ns() - before) / 1000 / answered)

    @property
    def memory_mib(self) -> float:
        """Its resident memory."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def _cpu_ns(self) -> int:
        # The first number is the time on the core; `stat` counts in steps of 10 ms.
        threads = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads)


@contextmanager
def serve(target: str, project: Project) -> Iterator[Server]:
    """Serve a target; its log goes to a file beside the project."""
    port = free_port()
    command = [sys.executable, str(HERE / "served.py"), target, str(port), SERVER_CORE]
    log = project.root.with_name(f"{project.root.name}-{target}.log")
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=project.root, env=project.environment, stdout=stream, stderr=stream
        )
    try:
        wait_until_open(port, process, log)
        yield Server(target, port, process.pid, project.authorization)
    finally:
        process.terminate()
        process.wait()


def wait_until_open(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the target accepts connections."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"A target did not start.\n{log.read_text()}")


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
