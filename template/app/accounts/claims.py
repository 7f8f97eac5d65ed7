"""What a request says of the session that it is made in."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Claims:
    """Which session a request belongs to, by its credentials.

    Attributes:
        session_id: The session.
        user_id: Its user, where the credentials name one: then it must be this one.
    """

    session_id: UUID
    user_id: UUID | None = None
