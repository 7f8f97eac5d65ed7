"""What CSV plugs into the application."""

from fastapi import FastAPI

from app.core.feature import Feature
from app.core.lists.page import ListQuery
from app.core.openapi import Json, extend_openapi, operations
from app.core.project import ProjectSettings


def describe(document: Json) -> None:
    """Leave parameters of pages out where there are none."""
    for _, _, operation in operations(document):
        content = operation["responses"].get("200", {}).get("content", {})
        if "text/csv" in content:
            operation["parameters"] = [
                one
                for one in operation.get("parameters", ())
                if one["name"] not in ListQuery.model_fields
            ]


def register(app: FastAPI, _settings: ProjectSettings) -> None:
    """Document exports."""
    extend_openapi(app, describe)


CSV = Feature(register=register)
