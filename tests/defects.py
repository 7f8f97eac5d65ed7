"""Makes defects in a rendered project, one at a time, and says which shipped test finds each.

`just defects` takes all of `tests/defects.yml`, `just defects "27 purpose"` some. It fails if no
test finds one of them.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.matrix import LISTS
from tests.support.render import render

LIST = Path(__file__).with_suffix(".yml")
FOUND = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Defect:
    """What is changed for the worse in a project with this kind of access, and these resources."""

    auth: str
    what: str
    file: str
    right: str
    wrong: str
    resources: str = "default"
    """The name of the list of resources."""

    def make(self, root: Path) -> None:
        """Write it."""
        path = root / self.file
        text = path.read_text()
        assert self.right in text, f"{self.what}: not found in {self.file}"
        path.write_text(text.replace(self.right, self.wrong, 1))


def read_defects() -> list[Defect]:
    """Read the list."""
    return [Defect(**one) for one in yaml.safe_load(LIST.read_text())]


def finder(defect: Defect, project: Path) -> str:
    """Give the first test that a defect breaks; nothing if there is none."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(shutil.copytree(project, Path(folder) / "project"))
        defect.make(root)
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    found = FOUND.search(done.stdout)
    return found[1] if found else done.stdout + done.stderr


def main() -> int:
    """Print a line for each defect, and how many were found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", help="defects, by their `what`")
    chosen = parser.parse_args().what
    defects = [one for one in read_defects() if one.what in chosen or not chosen]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as executor:
        hosts = {(one.auth, one.resources) for one in defects}
        projects = {host: Path(folder) / "-".join(host) for host in hosts}
        for (auth, resources), root in projects.items():
            listed = {"resources": LISTS[resources]} if resources in LISTS else {}
            render({"project_name": "Orders API", "auth": auth, **listed}, root)
        number = 0
        for one, test in zip(
            defects,
            executor.map(lambda one: finder(one, projects[one.auth, one.resources]), defects),
            strict=True,
        ):
            number += bool(test)
            print(f"{one.what}: {test or 'NOT FOUND'}", flush=True)
    print(f"{number} of {len(defects)} found")
    return number != len(defects)


if __name__ == "__main__":
    sys.exit(main())
