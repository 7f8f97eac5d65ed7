"""What a client demands of a thing's present state before it is changed (RFC 9110, section 13)."""

import re
from dataclasses import dataclass

from app.core.errors import BadRequestError, PreconditionFailedError

TAG = r'(W/)?"[!#-~]*"'
TAGS = rf"^{TAG}([ \t]*,[ \t]*{TAG})*$"


@dataclass(frozen=True)
class Precondition:
    """The state that a change is meant for.

    Attributes:
        tags: Entity tags, one of which the thing must have; `None` if any state will do.
    """

    tags: frozenset[str] | None = None

    def check(self, version: int) -> None:
        """Make sure that a thing is still as the client has seen it.

        Raises:
            PreconditionFailedError: If it is not.
        """
        if self.tags is not None and entity_tag(version) not in self.tags:
            raise PreconditionFailedError("This has changed meanwhile; read it again.")


UNCONDITIONAL = Precondition()


def entity_tag(version: int) -> str:
    """Name a version of a thing, for `ETag`."""
    return f'"{version}"'


def parse_if_match(header: str) -> Precondition:
    """Read the header `If-Match`; weak tags are kept, and match nothing.

    Raises:
        BadRequestError: If it is neither `*` nor a list of entity tags.
    """
    if header == "*":
        return UNCONDITIONAL
    if not re.fullmatch(TAGS, header):
        raise BadRequestError('If-Match must be * or entity tags in quotes, like "3".')
    return Precondition(frozenset(match[0] for match in re.finditer(TAG, header)))
