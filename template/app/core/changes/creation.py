"""Requests that create something, and may be sent twice."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Header, Request, Response, status
from pydantic import BaseModel

from app.core.changes.etag import entity_tag
from app.core.changes.idempotency import (
    IdempotencyKeyRepository,
    IdempotencyService,
    StoredResponse,
)
from app.core.errors import BadRequestError
from app.core.resource.model import Resource
from app.core.resource.scope import ScopeDep
from app.core.schemas import ResponseSchema
from app.db.session import SessionDep


async def get_idempotency_service(
    session: SessionDep, scope: ScopeDep
) -> IdempotencyService:
    """Provide the service; keys belong to whoever calls."""
    keys = IdempotencyKeyRepository(session)
    return IdempotencyService(keys, scope.owner_id)


IdempotencyServiceDep = Annotated[IdempotencyService, Depends(get_idempotency_service)]


KEY = "^[!-~]{1,255}$"

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="A name for this request, such as a UUID: if it is sent again with the same "
        "name, nothing more is created, and the answer is the same.",
        examples=["8e03978e-40d5-43e8-bc93-6894a57f9324"],
        json_schema_extra={"pattern": KEY},
    ),
]


class IdempotentCreate:
    """Answers a request that creates something.

    Args:
        request: The request.
        response: The headers that dependencies have set.
        idempotency: Knows the answers to earlier requests.
        key: What the client calls the request, if it may be sent again.
    """

    def __init__(
        self,
        request: Request,
        response: Response,
        idempotency: IdempotencyService,
        key: str | None,
    ) -> None:
        self._request = request
        self._response = response
        self._idempotency = idempotency
        self._key = key

    async def answer(
        self,
        schema: type[ResponseSchema],
        route_name: str,
        data: BaseModel,
        create: Callable[[], Awaitable[Resource]],
    ) -> Response:
        """Create something, unless an earlier request with the same key has done so.

        Args:
            schema: What the client sees of it.
            route_name: The operation that reads it, such as `get_thing`; its path has
                `thing_id`.
            data: The body.
            create: Creates it in the request's transaction.

        Raises:
            ReusedKeyError: If the earlier request had another body.
            UnavailableError: If the earlier one has just been forgotten.
        """

        async def execute() -> StoredResponse:
            entity = await create()
            body = schema.model_validate(entity).model_dump_json()
            return StoredResponse(
                status.HTTP_201_CREATED, self._describe(route_name, entity), body
            )

        if self._key is None:
            answer = await execute()
        else:
            place = self._request.scope["path"]
            answer = await self._idempotency.execute_once(
                self._key, place, data, execute
            )
        response = Response(
            answer.body, answer.status, answer.headers, "application/json"
        )
        if answer.is_replayed:
            response.headers["Idempotency-Replayed"] = "true"
        response.raw_headers.extend(self._response.raw_headers)
        return response

    def _describe(self, route_name: str, entity: Resource) -> dict[str, str]:
        parameter = f"{route_name.removeprefix('get_')}_id"
        location = self._request.url_for(route_name, **{parameter: entity.id}).path
        return {"Location": location, "ETag": entity_tag(entity.version)}


async def get_idempotent_create(
    request: Request,
    response: Response,
    idempotency: IdempotencyServiceDep,
    _documented: IdempotencyKey = None,
) -> IdempotentCreate:
    """Prepare the answer.

    Raises:
        BadRequestError: If the key is none.
    """
    keys = request.headers.getlist("Idempotency-Key")
    if len(keys) > 1 or not all(
        re.fullmatch(KEY.removesuffix("$"), key) for key in keys
    ):
        raise BadRequestError(
            "Idempotency-Key must be 1 to 255 visible ASCII characters."
        )
    return IdempotentCreate(request, response, idempotency, keys[0] if keys else None)


IdempotentCreateDep = Annotated[IdempotentCreate, Depends(get_idempotent_create)]
