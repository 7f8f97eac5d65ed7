"""Ids that are integers: in paths and queries, which are text, and in bodies."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from app.core.fields.integers import drop_point

# A float, which the document has for it, is 2**63 and not the number before.
IntegerId = Annotated[int, Field(ge=1, lt=2**63, json_schema_extra={"format": "int64"})]
StrictIntegerId = Annotated[IntegerId, Field(strict=True), BeforeValidator(drop_point)]
