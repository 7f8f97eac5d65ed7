"""What schemas share."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_UNKNOWN = 20
"""Fields that are named in a refusal, one by one."""


def describe_defaults(schema: dict[str, Any]) -> None:
    """Say in words what fields are if they are left out, unless that is null."""
    # With a `default`, clients made by openapi-typescript would have to send them.
    for field in schema["properties"].values():
        if (value := field.pop("default", None)) is not None:
            said = field.get("description", "")
            field["description"] = f"{said} Default: {json.dumps(value)}.".strip()


class RequestSchema(BaseModel):
    """A request body: what it does not know is an error, not ignored."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_defaults)

    @model_validator(mode="before")
    @classmethod
    def _refuse_floods(cls, data: Any) -> Any:
        """Refuse very many names at once: each would become an error of its own."""
        if isinstance(data, dict) and len(data) > len(cls.model_fields) + MAX_UNKNOWN:
            raise ValueError("has too many fields")
        return data


class ResponseSchema(BaseModel):
    """A response body, read from the attributes of an object."""

    model_config = ConfigDict(from_attributes=True)


class PatchSchema(RequestSchema):
    """A request body in which every field is `omittable`."""


def omittable() -> Any:
    """Declare a field that may be left out, but not be null."""
    return Field(default=None)
