"""What a copy of the template costs, beside the import of Copier and a plain copy of its files.

A template that is nothing but the finished project, as plain files without a question, costs what
Copier itself takes for so many files: no template that writes them can cost less.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.questions.clone import commit_all, copy_template, git

MAX_RATIO = 1.75
"""How often the plain copy our questions, conditions and resources may cost (decision 17)."""


def measure_copying(rounds: int) -> str:
    """Compare the CPU of a copy of the default project, of a plain one, and of the import."""
    with TemporaryDirectory() as folder:
        template = copy_template(Path(folder, "template"))
        commit_all(template)
        plain = finished(template, Path(folder, "plain"))
        found = [
            (
                cpu("-c", "import copier"),
                copy(plain, Path(folder, f"plain-{number}")),
                copy(template, Path(folder, f"project-{number}")),
            )
            for number in range(rounds)
        ]
    rows = [
        f"| {alone:.2f} s | {floor:.2f} s | {whole:.2f} s "
        f"| {whole / alone:.2f} | {whole / floor:.2f} |"
        for alone, floor, whole in found
    ]
    ratio = median(whole / floor for _, floor, whole in found)
    head = [
        "| import of Copier | plain copy of the same files | copy | in imports | in plain copies |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    return "\n".join(
        [*head, *rows, f"\nMedian {ratio:.2f} plain copies (aim: at most {MAX_RATIO})."]
    )


def finished(template: Path, target: Path) -> Path:
    """Make a template of the default project's files, as they come out."""
    copy(template, target / "template")
    (target / "copier.yml").write_text("_subdirectory: template\n")
    git(target, "init", "--quiet")
    git(target, "add", "--all", "--force")
    git(target, "commit", "--quiet", "--message", "Work")
    return target


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
