"""Takes the pictures that the README shows: `uv run just screenshots`."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from docs.screenshots.browser import find, photograph
from docs.screenshots.project import ANSWERS, serve
from docs.screenshots.terminal import WIDTH, Terminal
from tests.questions.clone import commit_all, copy_template
from tests.support.questions import questions

HERE = Path(__file__).parent
NAME = "copier-fastapi"
ENTER, ERASE = "\r", "\x15"


def take_questions(folder: Path) -> None:
    """Answer what the command asks, until it comes to the last question."""
    (folder / NAME).mkdir()
    commit_all(copy_template(folder / NAME), "v0.1.0")
    words = [sys.executable, "-m", "copier", "copy", NAME, "orders-api"]
    terminal = Terminal(words, folder, f"uvx copier copy {NAME} orders-api")
    *others, last = questions()
    for name in others:
        terminal.wait_for(asked(name))
        typed = ERASE + ANSWERS[name] if name in ANSWERS else ""
        terminal.send(typed + ENTER)
    terminal.wait_for(asked(last))
    terminal.rest()
    height = terminal.draw(folder / "questions.html")
    terminal.close()
    photograph((folder / "questions.html").as_uri(), HERE / "questions.png", WIDTH, height)


def asked(name: str) -> str:
    """How a question is asked, in one line."""
    return " ".join(questions()[name]["help"].split())


def take_docs(folder: Path) -> None:
    """Show the documentation of the default project."""
    with serve(folder) as address:
        photograph(f"{address}/docs", HERE / "docs.png", 1180, 1240)


def main() -> None:
    """Take all pictures anew."""
    find()
    with TemporaryDirectory() as folder:
        take_questions(Path(folder))
    with TemporaryDirectory() as folder:
        take_docs(Path(folder))


if __name__ == "__main__":
    main()
