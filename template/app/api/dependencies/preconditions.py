"""Entity tags: what a client has seen, and what it changes."""

from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import WithJsonSchema

from app.core.errors import PreconditionRequiredError
from app.core.precondition import TAGS, UNCONDITIONAL, Precondition, entity_tag, parse_if_match
from app.models.resource import Resource

ResourceT = TypeVar("ResourceT", bound=Resource)

SCHEMA = {"type": "string", "pattern": rf"^(\*|{TAGS.strip('^$')})$"}
IfMatch = Annotated[
    Annotated[str, WithJsonSchema(SCHEMA)] | None,
    Header(
        alias="If-Match",
        description='The `ETag` of what was read, such as `"1"`: nothing is done if it has changed.',
    ),
]


async def read_if_match(request: Request, _documented: IfMatch = None) -> Precondition:
    """Read what the client demands.

    Raises:
        BadRequestError: If it cannot be read.
        PreconditionRequiredError: If it is missing, and the settings demand it.
    """
    headers = request.headers.getlist("If-Match")
    if headers:
        return parse_if_match(", ".join(headers))
    if request.app.state.settings.concurrency.require_if_match:
        raise PreconditionRequiredError("Send the ETag of what you have read as If-Match.")
    return UNCONDITIONAL


IfMatchDep = Annotated[Precondition, Depends(read_if_match)]


def tagged(response: Response, entity: ResourceT) -> ResourceT:
    """Tell which version of a thing the client gets; return the thing."""
    response.headers["ETag"] = entity_tag(entity.version)
    return entity
