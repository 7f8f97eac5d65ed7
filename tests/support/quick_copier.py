"""Copier's command, without doing again what it has done: for tests that call it often."""

from __future__ import annotations

from copier import _main
from copier._cli import CopierApp
from copier._jinja_ext import SandboxedEnvironment

from tests.support.render import QuickWorker, quick_compile

if __name__ == "__main__":
    # Thousands of `git config`, which matter only where git does not see a file's mode.
    _main.Worker._sync_git_index_executable_bit = lambda *_: None  # type: ignore[method-assign]
    _main.Worker = QuickWorker  # type: ignore[misc]
    SandboxedEnvironment.compile = quick_compile()  # type: ignore[method-assign]
    CopierApp.run()
