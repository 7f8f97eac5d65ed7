"""What the paths of an OpenAPI document keep: lists of things, as clients see and send them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from importer import language, names
from importer.notes import Notes
from importer.reading import ReadError
from importer.shapes import Document, Shape, mapping

ENDINGS = (".json", ".yaml", ".yml")


@dataclass
class Collection:
    """What paths keep: a list of things, which can be read or made one by one.

    Attributes:
        parent: The segment of the list below whose things it lies.
        shown: What answers say of one.
        sent: What a client sends to make one.
        changed: What a client sends to change one.
    """

    segment: str
    parent: str | None
    shown: Shape = field(default_factory=Shape)
    sent: Shape = field(default_factory=Shape)
    changed: Shape = field(default_factory=Shape)

    @property
    def properties(self) -> dict[str, Any]:
        """Return the schemas of all properties: what is sent is said most exactly."""
        shown, sent, changed = (one.properties for one in (self.shown, self.sent, self.changed))
        return {**shown, **sent, **changed} | changed | shown | sent

    @property
    def name(self) -> str:
        """Return what one is called, in snake_case."""
        return language.singular(names.snake(self.segment))


@dataclass(frozen=True)
class Api:
    """What an OpenAPI document describes, and what of it is left out."""

    document: Document
    collections: list[Collection]
    notes: Notes


def read_document(file: Path) -> Api:
    """Find what an OpenAPI document keeps.

    Raises:
        ReadError: If the file cannot be read, or is no such document.
    """
    try:
        text = file.read_text(encoding="utf-8")
        content = json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        reason = str(getattr(error, "strerror", None) or error).split("\n")[0].strip(" .")
        raise ReadError(f"{file} cannot be read: {reason}.") from error
    if not isinstance(content, dict) or not isinstance(content.get("paths"), dict):
        raise ReadError(f"{file} is no OpenAPI document: it has no paths.")
    if not str(content.get("openapi", "")).startswith("3."):
        raise ReadError(f"{file} is not OpenAPI 3: convert it first.")
    document, notes = Document(content), Notes()
    return Api(document, list(_collections(document, notes)), notes)


def _collections(document: Document, notes: Notes) -> Iterator[Collection]:
    """Find the lists: below each is one thing, or it can be read and added to.

    Those with the fewest parameters come first; what shows the same as one of them is a part of it.
    """
    found = document.content["paths"].items()
    paths = {str(path).rstrip("/"): document.resolved(one) for path, one in found}
    items: dict[str, str] = {}
    for path in list(paths):
        if match := re.fullmatch(r"(.*)/\{\w+\}", path):
            items.setdefault(match[1], path)
            paths.setdefault(match[1], {})
    known, shown = set[str](), set[str]()
    for path in sorted(paths, key=lambda one: (one.count("{"), one)):
        *before, segment = path.split("/")
        item = items.get(path)
        is_list = "get" in paths[path] and "post" in paths[path]
        if "{" in segment or not (item or is_list):
            continue
        name = names.snake(segment)
        if name in known:
            continue
        parent = before[-2] if len(before) > 1 and before[-1].startswith("{") else None
        one = Collection(segment, parent)
        _describe(one, paths[path], paths.get(item or "", {}), document)
        if not one.shown.properties and not one.sent.properties:
            notes.add(path, "shows no object, and is left out")
        elif shown.intersection(one.shown.names):
            notes.add(path, "shows what another list does, and is left out")
        else:
            known.add(name)
            shown.update(one.shown.names)
            yield one


def _describe(
    one: Collection, many: dict[str, Any], item: dict[str, Any], document: Document
) -> None:
    for operation in (item.get("get"), many.get("post"), item.get("put")):
        if not one.shown.properties:
            one.shown = _thing(_answer(operation, document), document)
    if not one.shown.properties:
        one.shown = _listed(_answer(many.get("get"), document), document)
    one.sent = _thing(_body(many.get("post"), document), document)
    change = item.get("patch") or item.get("put")
    one.changed = _thing(_body(change, document), document)


def _answer(operation: Any, document: Document) -> Shape:
    """Return what is answered if all is well."""
    responses = mapping(document.resolved(operation).get("responses"))
    found = {str(status): one for status, one in responses.items()}
    for status in ("200", "201", "default"):
        if status in found:
            return _content(document.resolved(found[status]), document)
    return Shape()


def _body(operation: Any, document: Document) -> Shape:
    body = document.resolved(document.resolved(operation).get("requestBody"))
    return _content(body, document)


def _content(part: dict[str, Any], document: Document) -> Shape:
    for media, found in mapping(part.get("content")).items():
        if "json" in str(media) or media == "*/*":
            return document.shape(document.resolved(found).get("schema"))
    return Shape()


def _thing(shape: Shape, document: Document) -> Shape:
    """Return the one thing in an answer or a body, which may be wrapped: `{"order": {...}}`."""
    inner = {name: document.shape(one) for name, one in shape.properties.items()}
    wrapped = [one for name, one in inner.items() if len(inner) == 1 or name == "data"]
    return next((one for one in wrapped if one.properties), shape)


def _listed(shape: Shape, document: Document) -> Shape:
    """Return one of the things in an answer, which may be a page of them."""
    parts = [shape, *(document.shape(one) for one in shape.properties.values())]
    lists = (document.shape(one.words.get("items")) for one in parts if one.type == "array")
    return next((one for one in lists if one.properties), Shape())
