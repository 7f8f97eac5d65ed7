"""What schemas share."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_UNKNOWN = 20
"""Fields that are named in a refusal, one by one."""


class RequestSchema(BaseModel):
    """A request body: what it does not know is an error, not ignored."""

    model_config = ConfigDict(extra="forbid")

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


def drop_defaults(schema: dict[str, Any]) -> None:
    """Remove `null` from the schema of fields that may be absent, but not null."""
    for field in schema["properties"].values():
        field.pop("default", None)


class PatchSchema(RequestSchema):
    """A request body in which every field is `omittable`."""

    model_config = ConfigDict(json_schema_extra=drop_defaults)


def omittable() -> Any:
    """Declare a field that may be left out, but not be null."""
    return Field(default=None)
