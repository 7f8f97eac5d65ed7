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


@dataclass(frozen=True)
class Server:
    """A running target."""

    name: str
    port: int
    pid: int
    authorization: str

    def load(self, path: str, seconds: float, connections: int) -> Sample:
        """Send a burst of requests."""
        words = (self.port, path, seconds, connections, CLIENT_CORE, self.authorization)
        command = [sys.executable, str(HERE / "load.py"), *map(str, words)]
        before = self._cpu_ns()
        ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        answered, took = ran.stdout.split()
        return Sample(int(answered) / float(took), (self._cpu_ns() - before) / 1000 / int(answered))

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
