"""Objects of JSON with members of any kind, as every database can store them."""

import math
import re
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, RootModel
from pydantic_core import CoreSchema, core_schema

MAX_DEPTH = 20
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

NO_NUL = r"^[^\x00]*$"

Text = Annotated[str, Field(pattern=NO_NUL)]


class JsonValue(RootModel["None | bool | float | Text | Values | Members"]):
    """Anything that JSON can say; at most 20 objects and lists in each other."""


class Untyped:
    """Marks a list whose items have no type in generated clients.

    TypeScript has no type that is a list of itself. Validators read `then`.
    """

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say under a condition, which is always met, what the items are."""
        described = handler(schema)
        items = described.pop("items")
        return described | {"items": {}, "if": {}, "then": {"items": items}}


Values = Annotated[list[JsonValue], Untyped()]
# Makers of clients know `additionalProperties` alone, and would have empty objects.
NAMES = {"additionalProperties": True, "propertyNames": {"pattern": NO_NUL}}
Members = Annotated[dict[Text, JsonValue], Field(json_schema_extra=NAMES)]


class StorableJson:
    """Marks a field that is an object of JSON; `Members` describes it."""

    @staticmethod
    def check(value: object, depth: int = 0) -> None:
        """Look for what some database cannot store, however deep it is.

        Raises:
            ValueError: If there is a NUL, half a character, a number that is none, or
                more than `MAX_DEPTH` objects and lists in each other.
        """
        if isinstance(value, str) and UNSTORABLE.search(value):
            raise ValueError("must not contain the NUL character, nor lone surrogates")
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("must not contain numbers that are infinite or none")
        if isinstance(value, dict | list):
            if depth == MAX_DEPTH:
                raise ValueError(f"must not be nested deeper than {MAX_DEPTH} levels")
            members = (
                [*value.keys(), *value.values()] if isinstance(value, dict) else value
            )
            for member in members:
                StorableJson.check(member, depth + 1)

    @staticmethod
    def read(value: object) -> dict[str, Any]:
        """Take an object as it is.

        Raises:
            ValueError: If it is none, or cannot be stored.
        """
        if not isinstance(value, dict):
            raise ValueError("must be an object")
        StorableJson.check(value)
        return value

    def __get_pydantic_core_schema__(
        self, _source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate by `read`: one look at all members, one message."""
        return core_schema.no_info_wrap_validator_function(
            lambda value, _handler: self.read(value),
            handler.generate_schema(Members),
            serialization=core_schema.plain_serializer_function_ser_schema(dict),
        )


JsonObject = Annotated[dict[str, Any], StorableJson()]
"""An object of JSON, with what its client has put into it."""
