"""Gives suites to warm processes, as many at a time as there are lanes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import BoundedSemaphore
from typing import IO, Any, cast

from tests.suites.plan import Task

WARM = Path(__file__).with_name("warm.py")
TIMEOUT = 600
PASSED_ON = ("HOME", "LANG", "PATH", "REQUIRE_SERVICES", "TMPDIR", "VIRTUAL_ENV", "XDG_RUNTIME_DIR")
"""What of our environment a suite sees; settings of the machine must not reach it."""

NICENESS = 5
"""What works in the background leaves a core to the tests that one waits for."""

HANGING = ["-o", "faulthandler_timeout=120", "-o", "faulthandler_exit_on_timeout=true"]
OPTIONS = ["-q", "-p", "no:cacheprovider", "-p", "no:copie", *HANGING]
"""The plugins that a project would have by itself; a test that hangs says where, and ends all."""


@dataclass(frozen=True)
class Verdict:
    """How a task ended and what it cost."""

    code: int
    cpu: float
    wall: float
    output: str
    files: int

    def count(self, word: str) -> int:
        """How many tests passed, failed or were skipped, as pytest's closing line says."""
        found = re.findall(rf"(\d+) {word}", self.output[-2000:])
        return int(found[-1]) if found else 0


class Lane:
    """One warm process; runs one task at a time.

    Args:
        modules: What it imports.
        niceness: How much it stands back for others; it should if nobody waits for it yet.
    """

    def __init__(self, modules: list[str], niceness: int = 0) -> None:
        command = [sys.executable, "-P", str(WARM), str(niceness)]
        environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
        # It says what went wrong with the warming up; nobody wants to hear that it went well.
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environment,
            text=True,
        )
        self._ask(modules, expect="ready\n")

    def run(self, task: Task, environment: dict[str, str]) -> Verdict:
        """Run a task; its tests are told of servers by the environment."""
        root = task.project.root
        log = root.with_name(f"{root.name}.{task.name}.log")
        passed_on = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
        question = {
            "root": str(root),
            "log": str(log),
            "args": [*OPTIONS, *task.arguments],
            "environment": passed_on | environment,
            "timeout": TIMEOUT,
        }
        answer = json.loads(self._ask(question))
        output = log.read_text(errors="replace")
        return Verdict(**answer, output=output, files=len(task.files))

    def run_script(
        self, root: Path, script: str, arguments: Sequence[str], environment: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Do what `python -c` does, in a folder."""
        with tempfile.TemporaryDirectory() as folder:
            log, errors = Path(folder, "log"), Path(folder, "errors")
            question = {
                "root": str(root),
                "log": str(log),
                "errors": str(errors),
                "script": script,
                "args": arguments,
                "environment": environment,
                "timeout": TIMEOUT,
            }
            code = int(json.loads(self._ask(question))["code"])
            texts = [one.read_text(errors="replace") for one in (log, errors)]
        return subprocess.CompletedProcess(script, code, *texts)

    def close(self) -> None:
        """End the warm process."""
        cast("IO[str]", self._process.stdin).close()
        self._process.wait()
        self._log.close()

    def _ask(self, question: Any, expect: str = "") -> str:
        stdin, stdout = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)
        stdin.write(json.dumps(question) + "\n")
        stdin.flush()
        answer = stdout.readline()
        if not answer or (expect and answer != expect):
            self._log.seek(0)
            raise RuntimeError(f"A warm process ended.\n{answer}{self._log.read()}")
        return answer


class Lanes:
    """Some lanes, and a queue of tasks before them; a lane needs a slot to work."""

    def __init__(self, count: int, slots: BoundedSemaphore, modules: list[str]) -> None:
        self._pool, self._slots = ThreadPoolExecutor(count), slots
        self._free: Queue[Lane] = Queue()
        for lane in self._pool.map(lambda _: Lane(modules, NICENESS), range(count)):
            self._free.put(lane)

    def submit(self, task: Task, environment: dict[str, str]) -> Future[Verdict]:
        """Run a task as soon as a lane is free."""
        return self._pool.submit(self._run, task, environment)

    def close(self) -> None:
        """Wait for what still runs, then end the warm processes."""
        self._pool.shutdown(cancel_futures=True)
        while not self._free.empty():
            self._free.get().close()

    def _run(self, task: Task, environment: dict[str, str]) -> Verdict:
        lane = self._free.get()
        try:
            with self._slots:
                return lane.run(task, environment)
        finally:
            self._free.put(lane)
