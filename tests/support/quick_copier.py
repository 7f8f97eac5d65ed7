"""Copier's command, without doing again what it has done: for tests that call it often.

With `-m`, a module of the project is run that calls Copier.
"""

from __future__ import annotations

import atexit
import runpy
import sys
from pathlib import Path

from copier import _main, _subproject
from copier._cli import CopierApp
from copier._jinja_ext import SandboxedEnvironment

from tests.support import shared_template
from tests.support.render import QuickWorker, quick_compile

if __name__ == "__main__":
    _main.Worker = QuickWorker  # type: ignore[misc]
    SandboxedEnvironment.compile = quick_compile()  # type: ignore[method-assign]
    _main.Template = _subproject.Template = shared_template.share  # type: ignore[assignment,attr-defined]
    atexit.register(shared_template.drop)
    if sys.argv[1] == "-m":
        _, _, module, *words = sys.argv
        sys.argv = [module, *words]
        sys.path.insert(0, str(Path.cwd()))
        runpy.run_module(module, run_name="__main__")
    CopierApp.run()
