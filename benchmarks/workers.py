"""A project that is served as its owner would serve it, by `python -m app serve`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.project import Project
from benchmarks.server import PATIENCE, free_port, wait_until_open


@dataclass(frozen=True)
class Memory:
    """What all processes of a server take, in MiB; shared pages count once in `pss`."""

    rss: float
    pss: float


@dataclass(frozen=True)
class Workers:
    """A running server: its processes are those of a session of its own."""

    port: int
    session: int

    def memory(self) -> Memory:
        """Add up the memory of its processes; PSS is 0 where the system does not tell it."""
        parts = [memory_of(folder) for folder in self._processes()]
        return Memory(sum(one.rss for one in parts), sum(one.pss for one in parts))

    def count(self) -> int:
        """Count its processes."""
        return len(list(self._processes()))

    def _processes(self) -> Iterator[Path]:
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == self.session:
                    yield folder


def memory_of(process: Path) -> Memory:
    """Read the memory of one process, which may have ended."""
    found = {"Rss": 0.0, "Pss": 0.0}
    with suppress(OSError):
        for line in (process / "smaps_rollup").read_text().splitlines()[1:]:
            name, _, size = line.partition(":")
            found[name] = int(size.split()[0]) / 1024
        return Memory(found["Rss"], found["Pss"])
    with suppress(OSError):
        pages = int((process / "statm").read_text().split()[1])
        found["Rss"] = pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
    return Memory(found["Rss"], 0)


@contextmanager
def serve_workers(project: Project, workers: int, **settings: str) -> Iterator[Workers]:
    """Serve a project with its own command and settings; its log goes to a file beside it."""
    port = free_port()
    kept = {k: v for k, v in project.environment.items() if not k.startswith("DATABASE__")}
    own = {"SERVER__PORT": str(port), "SERVER__WORKERS": str(workers), **settings}
    log = project.root.with_name(f"{project.root.name}-{workers}-workers.log")
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"],
            cwd=project.root,
            env=kept | own,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    try:
        wait_until_open(port, process, log)
        yield Workers(port, process.pid)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        # Whatever is left of it: the database could not be dropped.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
