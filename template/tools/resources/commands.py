"""What each command makes of the list of resources."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tools.resources import entries, renaming
from tools.resources.entries import Entry
from tools.resources.errors import RefusalError

Made = tuple[list[Entry], str]
"""The new list, and the migration's title, with names of resources in braces."""


def add(former: Sequence[Entry], given: argparse.Namespace) -> Made:
    """Add a resource."""
    new: Entry = {"name": given.name, "fields": entries.parse_fields(given.fields)}
    if given.id:
        new["id"] = given.id
    if given.plural:
        new["plural"] = given.plural
    if given.description:
        new["description"] = given.description
    new |= {key: one for key in ("summary", "address") if (one := getattr(given, key))}
    if given.unique:
        new["unique"] = [
            [name.strip() for name in one.split(",")] for one in given.unique
        ]
    keys = ("read", "write", "operations", "bulk", "csv")
    new |= {key: said for key in keys if (said := getattr(given, key))}
    if given.shared:
        new["owned"] = False
    if given.soft_delete:
        new["soft_delete"] = True
    return entries.add(former, new), f"add {{{given.name}}}"


def field(former: Sequence[Entry], given: argparse.Namespace) -> Made:
    """Add fields to a resource, or change them."""
    fields = entries.parse_fields(given.fields)
    known = entries.find(former, given.name)["fields"]
    new = [name for name in fields if name not in known]
    changed = [name for name in fields if name in known]
    parts = [f"add {listed(new)} to {{{given.name}}}"] if new else []
    parts += [f"change {listed(changed)} of {{{given.name}}}"] if changed else []
    return entries.with_fields(former, given.name, fields), " and ".join(parts)


def drop_field(former: Sequence[Entry], given: argparse.Namespace) -> Made:
    """Drop fields of a resource."""
    new = entries.without_fields(former, given.name, given.fields)
    return new, f"drop {listed(given.fields)} of {{{given.name}}}"


def remove(former: Sequence[Entry], given: argparse.Namespace) -> Made:
    """Remove a resource."""
    return entries.without(former, given.name), f"remove {{{given.name}}}"


def rename(former: Sequence[Entry], given: argparse.Namespace) -> Made:
    """Give a resource or a field another name."""
    name, _, field = given.old.partition(".")
    if not field:
        new = renaming.rename_resource(former, name, given.new, given.plural)
        return new, f"rename {{{name}}} to {{{given.new}}}"
    if given.plural:
        raise RefusalError("A field has no plural: leave --plural out.")
    new = renaming.rename_field(former, name, field, given.new)
    return new, f"rename {listed([field])} of {{{name}}} to {listed([given.new])}"


def apply(_former: Sequence[Entry], given: argparse.Namespace) -> Made:
    """Take the whole list from a file."""
    return read(given.file), "change the resources"


def read(file: Path) -> Any:
    """Read a file of resources; what is in them is for the template to judge.

    Raises:
        RefusalError: If there is no such file, or it holds no YAML.
    """
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError) as error:
        raise RefusalError(f"{file} cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        raise RefusalError(f"{file} holds no YAML: {error}") from error
    return (
        found["resources"]
        if isinstance(found, dict) and "resources" in found
        else found
    )


def listed(names: Sequence[str]) -> str:
    """Write names as a sentence has them."""
    words = [name.replace("_", " ") for name in names]
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


COMMANDS: Mapping[str, Callable[[Sequence[Entry], argparse.Namespace], Made]] = {
    "add": add,
    "field": field,
    "drop-field": drop_field,
    "remove": remove,
    "rename": rename,
    "apply": apply,
}
