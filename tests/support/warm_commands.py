"""Runs Copier's command, and Python in projects, in processes forked from one that is warm.

It has imported what they import, and compiled the template; starting anew takes a command longer
than what it does. Nothing else differs: a command has the folder, the environment and the streams
of its caller, and the modules of this repository are out of its sight.

Called with the address to listen at. It ends when its own input does.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import select
import socket
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from alembic.config import main as alembic
from copier import _main, _subproject
from copier._cli import CopierApp
from copier._jinja_ext import SandboxedEnvironment
from plumbum import local

from tests.matrix import LISTS
from tests.support import shared_template
from tests.support.questions import ROOT
from tests.support.render import QuickWorker, quick_compile
from tests.update.living import MODULES

SHOWN = [{"auth": "session", "resources": LISTS["related"]}, {"resources": LISTS["types"]}]
"""Answers whose projects hold most of what can be compiled."""


def main(address: str) -> None:
    """Import, compile, say so, then serve each command in a child."""
    for name in MODULES:
        importlib.import_module(name)
    _main.Worker = QuickWorker  # type: ignore[misc]
    SandboxedEnvironment.compile = quick_compile()  # type: ignore[method-assign]
    _main.Template = _subproject.Template = shared_template.share  # type: ignore[assignment,attr-defined]
    known: set[str] = set()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen(8)
        print("ready", flush=True)
        while server.fileno() in select.select([server.fileno(), 0], [], [])[0]:
            reap(os.WNOHANG)
            serve(server.accept()[0], known)
    reap(0)
    shared_template.drop()


def reap(options: int) -> None:
    """Take note of children that have ended, so that their time is counted."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass


def serve(connection: socket.socket, known: set[str]) -> None:
    """Do as a client says, in a child."""
    with connection:
        _, streams, _, _ = socket.recv_fds(connection, 1, 3)
        job = json.loads(b"".join(iter(lambda: connection.recv(65536), b"")))
        if job["words"][0] == "copier":
            compile_template(job, known)
        if os.fork() == 0:
            be_child(job, streams, connection)
        for stream in streams:
            os.close(stream)


def compile_template(job: dict[str, Any], known: set[str]) -> None:
    """Render the template of a project, so that no child need compile it."""
    answers = Path(job["folder"], ".copier-answers.yml")
    url = yaml.safe_load(answers.read_text())["_src_path"] if answers.exists() else ""
    if not url or url in known or not Path(url, ".git").is_dir():
        return
    known.add(url)
    tempfile.tempdir = job["environment"].get("TMPDIR")
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(SHOWN):
            target = Path(folder, str(number))
            _main.run_copy(url, target, data, defaults=True, quiet=True)
    gc.collect()
    gc.freeze()


def be_child(job: dict[str, Any], streams: list[int], connection: socket.socket) -> None:
    """Run the command, say how it ended, and end."""
    code = 70
    theirs = list(shared_template.known())
    try:
        for target, source in enumerate(streams):
            os.dup2(source, target)
            os.close(source)
        sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
        os.chdir(job["folder"])
        os.environ.clear()
        os.environ.update(job["environment"])
        local.env.clear()
        local.env.update(job["environment"])
        local.cwd.chdir(job["folder"])
        tempfile.tempdir = None
        code = run(job["words"])
    finally:
        shared_template.drop(but=theirs)
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        connection.sendall(str(code).encode())
        # What the parent does at its end is not ours to do.
        os._exit(code)


def run(words: list[str]) -> int:
    """Do what the words say; give the code with which they would end."""
    try:
        match words:
            case ["copier" | "python", "-m", module, *others]:
                forget_repository()
                sys.argv = [module, *others]
                sys.path.insert(0, str(Path.cwd()))
                runpy.run_module(module, run_name="__main__", alter_sys=True)
            case ["copier", *others]:
                CopierApp.run(["copier", *others])
            case ["alembic", *others]:
                forget_repository()
                alembic(others, prog="alembic")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            return 1
        return end.code or 0
    except BaseException:  # noqa: BLE001 - as the interpreter does at its end
        traceback.print_exc()
        return 1
    return 0


def forget_repository() -> None:
    """Let a project's own `tests` be found, and nothing of ours."""
    sys.path[:] = [one for one in sys.path if one != str(ROOT)]
    for name in [one for one in sys.modules if one.split(".")[0] == "tests"]:
        del sys.modules[name]


if __name__ == "__main__":
    main(sys.argv[1])
