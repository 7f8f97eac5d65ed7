"""Text, compared as people compare it."""

import unicodedata


def fold(text: str) -> str:
    """Give the form by which texts are compared without regard to case.

    At most three times as long as the text.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
