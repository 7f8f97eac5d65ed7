"""Runs a command in a pseudo-terminal and draws its screen as a page."""

from __future__ import annotations

import html
import os
from itertools import pairwise
from pathlib import Path

import pexpect
import pyte
from pyte.screens import Char

COLUMNS, LINES = 84, 70
LINE_HEIGHT, MARGIN = 19, 20
WIDTH = COLUMNS * 8 + 2 * MARGIN
COLOURS = {
    "black": "#1b1f27",
    "red": "#e06c75",
    "green": "#98c379",
    "brown": "#e5c07b",
    "yellow": "#e5c07b",
    "blue": "#61afef",
    "magenta": "#c678dd",
    "cyan": "#56b6c2",
    "white": "#d7dae0",
    # What a prompt writes YAML in, for light screens.
    "000087": "#61afef",
    "008700": "#98c379",
    "af0000": "#e06c75",
}
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #1b1f27; color: #d7dae0 }}
pre {{ margin: 0; padding: {margin}px; font: 13px/{line}px monospace }}
</style><pre>{text}</pre>"""


class Terminal:
    """A command, and the screen that it draws on."""

    def __init__(self, command: list[str], folder: Path, typed: str) -> None:
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.Stream(self._screen)
        self._stream.feed(f"$ {typed}\r\n")
        self._child = pexpect.spawn(
            command[0],
            command[1:],
            cwd=str(folder),
            env={**os.environ, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"},
            encoding="utf-8",
            dimensions=(LINES, COLUMNS),
            timeout=60,
        )

    def wait_for(self, text: str) -> None:
        """Read until the screen shows a text."""
        while text not in " ".join(" ".join(self._screen.display).split()):
            self._stream.feed(self._child.read_nonblocking(4096, timeout=60))

    def send(self, keys: str) -> None:
        """Type something."""
        self._child.send(keys)

    def rest(self) -> None:
        """Read what is still drawn, until nothing comes for a second."""
        try:
            while True:
                self._stream.feed(self._child.read_nonblocking(4096, timeout=1))
        except (pexpect.TIMEOUT, pexpect.EOF):
            return

    def close(self) -> None:
        """End the command."""
        self._child.close(force=True)

    def draw(self, page: Path) -> int:
        """Write the screen as a page; give its height in pixels."""
        lines = [self._line(number) for number in range(LINES)]
        while lines and not lines[-1]:
            lines.pop()
        page.write_text(PAGE.format(margin=MARGIN, line=LINE_HEIGHT, text="\n".join(lines)))
        return len(lines) * LINE_HEIGHT + 2 * MARGIN

    def _line(self, number: int) -> str:
        row = self._screen.buffer[number]
        cells = [row[column] for column in range(COLUMNS + 1)]
        drawn = [span(cell, is_wide=not after.data) for cell, after in pairwise(cells)]
        while drawn and drawn[-1] in {" ", ""}:
            drawn.pop()
        return "".join(drawn)


def span(cell: Char, *, is_wide: bool) -> str:
    """Draw one character with its colour; a wide one takes the place of two."""
    styles = {
        "color": COLOURS.get(cell.fg, f"#{cell.fg}") if cell.fg != "default" else "",
        "font-weight": "bold" if cell.bold else "",
        "display": "inline-block" if is_wide else "",
        "width": "2ch" if is_wide else "",
    }
    style = ";".join(f"{name}:{value}" for name, value in styles.items() if value)
    text = html.escape(cell.data)
    return f'<span style="{style}">{text}</span>' if style and text.strip() else text
