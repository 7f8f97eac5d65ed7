"""How long clients are waited for."""

from typing import NamedTuple


class Patience(NamedTuple):
    """How many seconds a client may take.

    Attributes:
        head: For the head of a request.
        body: For the body of a request that has been answered already, and so is thrown away.
        answer: For a part of an answer, however small.
    """

    head: float
    body: float
    answer: float
