"""What could not be said, or was chosen: sentences about tables and columns."""

from __future__ import annotations


class Notes:
    """Collects what there is to say, and says the same of several things in one line."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def add(self, subject: str, text: str) -> None:
        """Say something about a table, `Customer`, or a column, `Customer.Email`."""
        self._found.setdefault(text, []).append(subject)

    def lines(self) -> list[str]:
        """Return a line for each text, with all that it is about."""
        return [f"{', '.join(subjects)}: {text}." for text, subjects in self._found.items()]
