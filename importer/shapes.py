"""What the schemas of an OpenAPI document say: references followed, parts joined."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

DEEPEST = 20
"""Schemas within schemas that are followed; one that holds itself ends there."""


def mapping(given: Any) -> dict[str, Any]:
    """Return an object of a document; an empty one for what is none."""
    return given if isinstance(given, dict) else {}


def listing(given: Any) -> list[Any]:
    """Return a list of a document; an empty one for what is none."""
    return given if isinstance(given, list) else []


@dataclass(frozen=True)
class Shape:
    """A schema without references.

    Attributes:
        words: Its keywords, such as `format` and `maxLength`.
        names: What it is called in the document, the outermost name first.
    """

    words: dict[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    nullable: bool = False

    @property
    def type(self) -> str:
        """Return the one type; of none, what the other keywords mean."""
        if self.words.get("type"):
            return str(self.words["type"])
        return "object" if "properties" in self.words else ""

    @property
    def properties(self) -> dict[str, Any]:
        """Return the schemas of the properties of an object."""
        return mapping(self.words.get("properties"))

    @property
    def required(self) -> set[str]:
        """Return the names of the properties that must be there."""
        return set(map(str, listing(self.words.get("required"))))


class Document:
    """A document, whose schemas refer to each other."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    def at(self, pointer: str) -> Any:
        """Return what a reference within the document leads to, or nothing."""
        place: Any = self.content
        for step in pointer.removeprefix("#/").split("/"):
            key = unquote(step).replace("~1", "/").replace("~0", "~")
            place = mapping(place).get(key)
        return place

    def resolved(self, part: Any) -> dict[str, Any]:
        """Return a response, a body or a parameter that may be a reference."""
        for _ in range(DEEPEST):
            if "$ref" not in mapping(part):
                break
            part = self.at(str(part["$ref"]))
        return mapping(part)

    def shape(self, schema: Any, depth: int = 0) -> Shape:
        """Return what a schema says."""
        names: list[str] = []
        while isinstance(schema, dict) and "$ref" in schema and len(names) < DEEPEST:
            pointer = str(schema["$ref"])
            names.append(pointer.rpartition("/")[2])
            found, beside = self.at(pointer), {k: v for k, v in schema.items() if k != "$ref"}
            schema = mapping(found) | beside
        if depth > DEEPEST:
            return Shape(names=tuple(names))
        words = dict(mapping(schema))
        kinds = words.get("type")
        nullable = bool(words.get("nullable"))
        if isinstance(kinds, list):
            nullable = nullable or "null" in kinds
            words["type"] = next((kind for kind in kinds if kind != "null"), None)
        whole = Shape(words, tuple(names), nullable)
        for part in listing(words.pop("allOf", None)):
            whole = _joined(whole, self.shape(part, depth + 1))
        for choice in ("anyOf", "oneOf"):
            whole = self._chosen(whole, listing(words.pop(choice, None)), depth)
        return whole

    def _chosen(self, whole: Shape, choices: list[Any], depth: int) -> Shape:
        """Add the only choice besides null; of several, the first if they are of one type."""
        shapes = [self.shape(one, depth + 1) for one in choices]
        real = [one for one in shapes if one.type != "null"]
        if len(real) < len(shapes):
            whole = Shape(whole.words, whole.names, nullable=True)
        kinds = {one.type for one in real}
        if len(kinds) == 1:
            return _joined(whole, real[0])
        if kinds == {"number", "string"}:
            # A decimal, which clients may send as either.
            exact = next(one for one in real if one.type == "number")
            return _joined(whole, Shape({**exact.words, "format": "decimal"}))
        return whole


def _joined(first: Shape, second: Shape) -> Shape:
    """Return what both say; the first counts where both say something else."""
    words = {**second.words, **first.words}
    if first.properties or second.properties:
        words["properties"] = {**second.properties, **first.properties}
        words["required"] = sorted(first.required | second.required)
    names = (*first.names, *second.names)
    return Shape(words, names, first.nullable or second.nullable)
