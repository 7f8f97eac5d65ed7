"""Long texts that are compared without regard to case."""

from app.core.fields.text import fold

MAX_LENGTH = 600
"""Characters that an index holds on every database, beside an owner and an id."""


def check_key(text: str) -> str:
    """Refuse a text whose letters become too many where case is taken away."""
    if len(fold(text)) > MAX_LENGTH:
        raise ValueError("has too many letters that stand for several, such as \ufb03")
    return text
