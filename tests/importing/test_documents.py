"""OpenAPI documents become what the template takes, and what they cannot say is named."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from importer.__main__ import main
from importer.documents import read_document
from importer.language import refusals
from importer.properties import as_tables
from importer.resources import from_database
from tests.importing.conftest import HERE

Captured = pytest.CaptureFixture[str]


def test_an_awkward_document_becomes_what_the_template_takes(capsys: Captured) -> None:
    assert main([str(HERE / "awkward-openapi.yaml")]) == 0
    written = capsys.readouterr()
    assert written.out == (HERE / "awkward-openapi.yml").read_text()
    assert written.err == (HERE / "awkward-openapi.txt").read_text()
    assert refusals(yaml.safe_load(written.out)["resources"]) == []


def test_a_document_may_be_json(tmp_path: Path, capsys: Captured) -> None:
    content = yaml.safe_load((HERE / "awkward-openapi.yaml").read_text())
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(content))
    assert main([str(file)]) == 0
    assert capsys.readouterr().out == (HERE / "awkward-openapi.yml").read_text()


UNREADABLE = {
    "nothing.json": (None, "cannot be read: No such file or directory."),
    "torn.json": ("{", "cannot be read: Expecting property name"),
    "torn.yaml": ("a: [", "cannot be read: while parsing a flow node."),
    "list.yml": ("- 1", "is no OpenAPI document: it has no paths."),
    "old.yaml": ('swagger: "2.0"\npaths: {}', "is not OpenAPI 3: convert it first."),
    "empty.yaml": ("openapi: 3.1.0\npaths: {}", "There is no list that could be a resource."),
    "odd.json": (
        '{"openapi": "3.1.0", "paths": {"/a": 1, "/b/{id}": {"get": []}}}',
        "There is no list that could be a resource.",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_told_in_a_sentence(
    name: str, tmp_path: Path, capsys: Captured
) -> None:
    text, reason = UNREADABLE[name]
    file = tmp_path / name
    if text is not None:
        file.write_text(text)
    assert main([str(file)]) == 1
    written = capsys.readouterr()
    assert written.out == ""
    assert reason in written.err
    assert written.err.count("\n") == 1


CIRCLE = """
openapi: 3.1.0
paths:
  /parts/{id}:
    get:
      responses:
        "200": {content: {application/json: {schema: {$ref: "#/components/schemas/Part"}}}}
components:
  schemas:
    Loop: {$ref: "#/components/schemas/Loop"}
    Both: {allOf: [{$ref: "#/components/schemas/Both"}]}
    Part:
      type: object
      properties:
        name: {type: [string, "null"], maxLength: 9}
        loop: {$ref: "#/components/schemas/Loop"}
        both: {$ref: "#/components/schemas/Both"}
"""


def test_schemas_that_hold_themselves_end_somewhere(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "circle.yaml"
    file.write_text(CIRCLE)
    assert main([str(file)]) == 0
    (part,) = yaml.safe_load(capsys.readouterr().out)["resources"]
    assert part["fields"] == {"name": "str(9) optional"}


ODD: list[Any] = [None, 1, -0.5, "", "x", "{", [], [1], [{}], {}, {"$ref": "#/x"}, {"a": 1}, True]


def places(part: Any) -> list[tuple[Any, Any]]:
    """Return each place of a document, as what holds it and its key."""
    keys = part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
    return [place for key in keys for place in [(part, key), *places(part[key])]]


def test_a_document_that_is_wrong_somewhere_is_read_on(tmp_path: Path) -> None:
    whole = yaml.safe_load((HERE / "awkward-openapi.yaml").read_text())
    file = tmp_path / "openapi.json"
    for seed in range(60):
        content = copy.deepcopy(whole)
        chance = random.Random(seed)  # noqa: S311  (no secret)
        for _ in range(3):
            holder, key = chance.choice(places(content["paths"]) + places(content["components"]))
            holder[key] = chance.choice(ODD)
        file.write_text(json.dumps(content))
        try:
            from_database(as_tables(read_document(file)))
        except Exception as error:
            error.add_note(f"This is seed {seed}.")
            raise
