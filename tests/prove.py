"""Runs proofs on a project: `just prove --data auth=session -- proofs/accounts -k login`.

The project is rendered from the working tree, in a folder that is kept under `--to`, if that is
given. What follows `--` is for pytest.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from tests.support.overlay import lay_proofs, lend
from tests.support.render import render


def main() -> int:
    """Render, lay the proofs over it, and run them."""
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", action="append", default=[], metavar="QUESTION=ANSWER")
    parser.add_argument("--data-file", type=Path, help="answers in YAML, such as resources")
    parser.add_argument("--to", type=Path, help="a new folder for the project")
    options = parser.parse_args(words[:cut])
    given = yaml.safe_load(options.data_file.read_text()) if options.data_file else {}
    answers = given | dict(one.split("=", 1) for one in options.data)
    with tempfile.TemporaryDirectory() as folder:
        root = options.to or Path(folder) / "project"
        render({"project_name": "Orders API"} | answers, root)
        lay_proofs(root)
        lend(root)
        chosen = words[cut + 1 :] or ["proofs"]
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:copie", *chosen]
        return subprocess.run(command, cwd=root).returncode


if __name__ == "__main__":
    sys.exit(main())
