"""Writes what a database or an OpenAPI document holds as the answer `resources`."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from importer.adopting import name_constraints, strip, without_value
from importer.documents import ENDINGS, read_document
from importer.mending import mend
from importer.properties import as_tables
from importer.reading import ReadError, read
from importer.resources import answer, from_database

ARGUMENTS = {"str": ("length",), "text": ("length",), "decimal": ("digits", "places")}

FLAGS = ("optional", "unique", "index", "read_only", "create_only", "write_only")


class Dumper(yaml.SafeDumper):
    """Writes lists within lists on one line."""


class Row(list[str]):
    """A list that stands on one line."""


Dumper.add_representer(
    Row,
    lambda dumper, row: dumper.represent_sequence("tag:yaml.org,2002:seq", row, flow_style=True),
)


def main(words: Sequence[str] | None = None) -> int:
    """Read a database, write the list, and say on the error output what is not in it."""
    parser = argparse.ArgumentParser(prog="import-resources", description=__doc__)
    parser.add_argument(
        "url",
        help="postgresql://..., mysql://..., or the name of a file: "
        "of a SQLite database, or of an OpenAPI document (.json, .yaml)",
    )
    parser.add_argument("--to", type=Path, metavar="FILE", help="a new file instead of the output")
    parser.add_argument(
        "--adopt", action="store_true", help="keep the rows in these tables, as they are called"
    )
    given = parser.parse_args(words)
    if given.to and given.to.exists():
        return refuse(f"There is a file {given.to} already: name a new one.")
    is_document = given.url.endswith(ENDINGS)
    if is_document and given.adopt:
        return refuse("A document has no tables whose rows could be kept: leave --adopt out.")
    try:
        database = as_tables(read_document(Path(given.url))) if is_document else read(given.url)
    except ReadError as error:
        return refuse(str(error))
    made = from_database(database, adopt=given.adopt)
    if not made.resources:
        what = "list" if is_document else "table"
        return refuse(f"There is no {what} that could be a resource.")
    resources, notes = mend(answer(made))
    if given.adopt:
        notes += without_value(resources, database.tables)
        name_constraints(resources, database.tables, database.dialect)
        strip(resources)
    text = written(resources)
    try:
        given.to.write_text(text, encoding="utf-8") if given.to else print(text, end="")
    except OSError as error:
        return refuse(f"{given.to} cannot be written: {error.strerror}.")
    print("\n".join([*made.notes.lines(), *notes]), file=sys.stderr)
    of_tables = "" if is_document else f" of {len(database.tables)} tables"
    print(f"{len(resources)} resources{of_tables}.", file=sys.stderr)
    return 0


def refuse(sentence: str) -> int:
    """Say why nothing is written."""
    print(sentence, file=sys.stderr)
    return 1


def written(resources: list[dict[str, Any]]) -> str:
    """Return the list as YAML, with fields in their short form where that is possible."""
    found = []
    for one in resources:
        entry = one | {"fields": {name: short(field) for name, field in one["fields"].items()}}
        if "unique" in entry:
            entry["unique"] = [Row(group) for group in entry["unique"]]
        if "constraints" in entry:
            entry["constraints"] = {
                name: of if isinstance(of, str) else Row(of)
                for name, of in entry["constraints"].items()
            }
        found.append(entry)
    return yaml.dump({"resources": found}, Dumper=Dumper, sort_keys=False, width=1000)


def short(field: dict[str, Any]) -> str | dict[str, Any]:
    """Return `decimal(10,2) optional min=0 = 1.50`."""
    if field["type"] == "text" and field["length"] == 10_000:
        field = {key: value for key, value in field.items() if key != "length"}
    if field.get("default") == "":
        field = field | {"default": '""'}
    kind = field["type"]
    if not re.fullmatch(r"[^\s()=]*", field.get("column", "")):
        return field
    arguments = [field[key] for key in ARGUMENTS.get(kind, ()) if key in field]
    arguments += field.get("values", []) + ([field["to"]] if "to" in field else [])
    apart = "," if kind == "decimal" else ", "
    brackets = f"({apart.join(map(str, arguments))})" if arguments else ""
    flags = [word for word in FLAGS if field.get(word)]
    keys = ("min", "max", "on_delete", "column")
    pairs = [f"{key}={field[key]}" for key in keys if key in field]
    end = ["=", str(field["default"])] if "default" in field else []
    return " ".join([kind + brackets, *flags, *pairs, *end])


if __name__ == "__main__":
    sys.exit(main())
