"""Runs suites, and scripts, in processes forked from this one: it has imported what others wrote.

Started as a script, and importing the standard library alone: neither the folder nor a module of
this repository may be visible to a project whose package is called `tests` too.

Reads one job a line, answers one line: `{"root", "log", "args", "environment", "timeout"}` gives
`{"code", "cpu", "wall"}`. With a `script`, that is run instead of pytest, and its errors go to the
file `errors`.
"""

import gc
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

WARM_UP = """
import importlib

for name in {modules!r}:
    try:
        importlib.import_module(name)
    except ImportError:
        pass

def test_warm():
    pass
"""


def warm_up(modules: list[str]) -> None:
    """Import modules inside a run of pytest, whose hook then need not see them again."""
    import pytest

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "test_warm.py"
        path.write_text(WARM_UP.format(modules=modules))
        options = ["-q", "-p", "no:cacheprovider", "-p", "no:copie", "--rootdir", folder]
        sys.stdout = sys.stderr
        code = pytest.main([*options, "-c", os.devnull, str(path)])
        sys.stdout = sys.__stdout__
    if code != 0:
        raise SystemExit("The third-party modules could not be imported.")


def run(job: dict[str, Any]) -> dict[str, float]:
    """Run one suite or script in a child and tell how it ended and what it cost."""
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        _be_child(job)
    status, usage = _wait(child, started + job["timeout"])
    return {
        "code": os.waitstatus_to_exitcode(status),
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": time.monotonic() - started,
    }


def _wait(child: int, deadline: float) -> tuple[int, resource.struct_rusage]:
    while time.monotonic() < deadline:
        found, status, usage = os.wait4(child, os.WNOHANG)
        if found:
            return status, usage
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    return status, usage


def _be_child(job: dict[str, Any]) -> None:
    code = 70
    try:
        os.setsid()
        log = os.open(job["log"], os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        errors = os.open(job["errors"], os.O_CREAT | os.O_WRONLY) if "errors" in job else log
        null = os.open(os.devnull, os.O_RDONLY)
        for target, source in ((0, null), (1, log), (2, errors)):
            os.dup2(source, target)
        os.chdir(job["root"])
        os.environ.clear()
        os.environ.update(job["environment"])
        time.tzset()
        code = _run_script(job) if "script" in job else _run_pytest(job)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # The parent's exit handlers are not ours to run.
        os._exit(code)


def _run_pytest(job: dict[str, Any]) -> int:
    import pytest

    return int(pytest.main(job["args"]))


def _run_script(job: dict[str, Any]) -> int:
    """Do as `python -c` does."""
    sys.path.insert(0, "")
    sys.argv = ["-c", *job["args"]]
    try:
        exec(job["script"], {"__name__": "__main__"})  # noqa: S102
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            return 1
        return end.code or 0
    except BaseException:  # noqa: BLE001 - as the interpreter does at its end
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    """Stand back, warm up, say so, then run jobs until there are no more."""
    os.nice(int(sys.argv[1]))
    warm_up(json.loads(sys.stdin.readline()))
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
