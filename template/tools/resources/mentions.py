"""Finds the owner's lines that say a former name."""

from collections.abc import Iterator
from pathlib import Path

from tools.resources.plan import Plan
from tools.resources.project import lines

SHOWN = 40
LEFT_OUT = (".env", "migrations/versions/", "uv.lock")
"""Files that say it for good, or that nobody writes."""


def mentions(plan: Plan) -> str:
    """Name these lines, to be looked at; empty if there are none."""
    found = list(find(plan))
    if not found:
        return ""
    left = len(found) - SHOWN
    more = [f"  and {left} more"] if left > 0 else []
    title = "Lines of your own that say the former name:"
    return "\n".join([title, *found[:SHOWN], *more, ""])


def find(plan: Plan) -> Iterator[str]:
    """Look into all files of the repository; lines of the template are passed over."""
    for path in lines("ls-files", "--cached", "--others", "--exclude-standard"):
        if path.startswith(LEFT_OUT) or not Path(path).is_file():
            continue
        known = set(text_lines(plan.future.files.get(path, b"")))
        for number, line in enumerate(text_lines(Path(path).read_bytes()), 1):
            if line not in known and plan.names.are_in(line):
                yield f"  {path}:{number}: {line.strip()[:100]}"


def text_lines(content: bytes) -> list[str]:
    """Return the lines of a text; what is none, such as an image, has none."""
    return content.decode(errors="replace").splitlines() if b"\0" not in content else []
