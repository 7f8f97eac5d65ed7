"""What a copy of the template costs beside the import of Copier, which nobody can save."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.questions.clone import commit_all, copy_template

MAX_RATIO = 3.5


def measure_copying(rounds: int) -> str:
    """Compare the CPU of a copy of the default project with that of the import, in pairs."""
    with TemporaryDirectory() as folder:
        template = copy_template(Path(folder, "template"))
        commit_all(template)
        pairs = [
            (cpu("-c", "import copier"), copy(template, Path(folder, str(number))))
            for number in range(rounds)
        ]
    rows = [f"| {alone:.2f} s | {whole:.2f} s | {whole / alone:.2f} |" for alone, whole in pairs]
    ratio = median(whole / alone for alone, whole in pairs)
    head = ["| import of Copier | copy of the default project | ratio |", "| ---: | ---: | ---: |"]
    return "\n".join([*head, *rows, f"\nMedian {ratio:.2f} (aim: at most {MAX_RATIO})."])


def copy(template: Path, target: Path) -> float:
    """Copy the default project, and return what that cost."""
    options = ["--quiet", "--defaults", "--vcs-ref", "HEAD"]
    return cpu("-m", "copier", "copy", *options, str(template), str(target))


def cpu(*arguments: str) -> float:
    """Run Python, and return the seconds of CPU that it took with all that it ran."""
    before = _of_children()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return _of_children() - before


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
