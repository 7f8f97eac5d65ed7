"""What the API demands of a value, so that it takes back what a migration gives."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.db.base import Base

Body = type[BaseModel]


def find_body(column: sa.Column[Any]) -> Body | None:
    """Return the body by which a row of the column's table is made, if there is one."""
    table_name = getattr(getattr(column, "table", None), "name", None)
    for mapper in Base.registry.mappers:
        model = mapper.class_
        if model.__tablename__ == table_name:
            module = model.__module__.replace(".models.", ".schemas.")
            try:
                found = getattr(import_module(module), f"{model.__name__}Create", None)
            except ImportError:
                return None
            return found if found and column.key in found.model_fields else None
    return None


def accepts(body: Body, name: str, value: object) -> bool:
    """Whether a field of a body may have a value."""
    try:
        body.model_validate({name: value})
    except ValidationError as error:
        return all(one["loc"][:1] != (name,) for one in error.errors())
    return True


def bounds(body: Body, name: str) -> Iterator[float]:
    """Return the smallest and the largest number of a field."""
    # Others of the body can name what is in the document of the API alone.
    kind: Any = body.model_fields[name].rebuild_annotation()
    field = TypeAdapter(kind).json_schema()
    for part in (field, *field.get("anyOf", ())):
        yield from (part[key] for key in ("minimum", "maximum") if key in part)
