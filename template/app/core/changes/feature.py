"""What changes plug into the application."""

from fastapi import FastAPI

from app.core.changes.idempotency import IdempotencyKey
from app.core.feature import Feature, Prunable
from app.core.openapi import CREATED_RESPONSE, Json, described, extend_openapi
from app.core.project import ProjectSettings

ETAG = {"ETag": described("The version, for `If-Match` (RFC 9110).")}
REPLAYED = {
    "Idempotency-Replayed": described(
        "`true` if this is the answer to an earlier request.", enum=["true"]
    )
}


def register(app: FastAPI, settings: ProjectSettings) -> None:
    """Document what follows from the headers `If-Match` and `Idempotency-Key`."""

    def describe(document: Json) -> None:
        for methods in document["paths"].values():
            for operation in methods.values():
                for parameter in operation.get("parameters", ()):
                    if parameter["name"] == "If-Match":
                        parameter["required"] = settings.api.require_if_match
                        # What is answered with a thing that can be changed.
                        for one in methods.values():
                            if "200" in one["responses"]:
                                one["responses"]["200"]["headers"] = ETAG
                    if parameter["name"] == "Idempotency-Key":
                        created = CREATED_RESPONSE[201]["headers"] | ETAG | REPLAYED
                        operation["responses"].get("201", {})["headers"] = created

    extend_openapi(app, describe)


CHANGES = Feature(register=register, prunable=[Prunable(IdempotencyKey.expires_at)])
