"""Entity tags: what a client has seen, and what it changes."""

import re
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import WithJsonSchema

from app.core.errors import BadRequestError, PreconditionFailedError, error_of_status
from app.core.resource.model import Resource

TAG = r'(W/)?"[!#-~]*"'
TAGS = rf"^{TAG}([ \t]*,[ \t]*{TAG})*$"


@dataclass(frozen=True)
class Precondition:
    """The entity tags that a thing to be changed may have; `None` if any will do."""

    tags: frozenset[str] | None = None

    def check(self, version: int) -> None:
        """Raise `PreconditionFailedError` if a thing is not as the client saw it."""
        if self.tags is not None and entity_tag(version) not in self.tags:
            raise PreconditionFailedError("This has changed meanwhile; read it again.")


UNCONDITIONAL = Precondition()


def entity_tag(version: int) -> str:
    """Name a version of a thing, for `ETag`."""
    return f'"{version}"'


ResourceT = TypeVar("ResourceT", bound=Resource)

SCHEMA = {"type": "string", "pattern": rf"^(\*|{TAGS.strip('^$')})$"}
IfMatch = Annotated[
    Annotated[str, WithJsonSchema(SCHEMA)] | None,
    Header(
        alias="If-Match",
        description='The `ETag` of what was read, such as `"1"`: nothing is done if it '
        "has changed.",
    ),
]


async def read_if_match(request: Request, _documented: IfMatch = None) -> Precondition:
    """Read what the client demands; weak tags are kept, and match nothing.

    Raises:
        BadRequestError: If it is neither `*` nor a list of entity tags.
        AppError: If it is missing, and the settings demand it.
    """
    header = ", ".join(request.headers.getlist("If-Match"))
    if "If-Match" not in request.headers:
        if request.app.state.settings.api.require_if_match:
            message = "Send the ETag of what you have read as If-Match."
            raise error_of_status(428, message)
        return UNCONDITIONAL
    if header == "*":
        return UNCONDITIONAL
    if not re.fullmatch(TAGS, header):
        raise BadRequestError('If-Match must be * or entity tags in quotes, like "3".')
    return Precondition(frozenset(match[0] for match in re.finditer(TAG, header)))


IfMatchDep = Annotated[Precondition, Depends(read_if_match)]


def with_etag(response: Response, entity: ResourceT) -> ResourceT:
    """Set the `ETag` of a resource, and return it."""
    response.headers["ETag"] = entity_tag(entity.row_version)
    return entity
