"""The list of resources, as the answers hold it, and how a command changes it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from tools.resources.errors import RefusalError

Entry = dict[str, Any]


def parse_field(text: str) -> tuple[str, Any]:
    """Read `name: type and words`; a long form stands in braces.

    Raises:
        RefusalError: If there is no name, or no type.
    """
    name, _, rest = (part.strip() for part in text.partition(":"))
    if not name or not rest:
        raise RefusalError(
            "Write a field as its name, a colon and its type, "
            f'"number: str(40)", not "{text}".'
        )
    if not rest.startswith("{"):
        return name, rest
    try:
        return name, yaml.safe_load(rest)
    except yaml.YAMLError as error:
        raise RefusalError(
            f"The braces of {name} hold no YAML: write {{type: str}}."
        ) from error


def parse_fields(texts: Sequence[str]) -> Entry:
    """Read fields, in their order.

    Raises:
        RefusalError: If one has no name or no type, or two have the same name.
    """
    pairs = [parse_field(text) for text in texts]
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise RefusalError(f'The field "{name}" is given twice: leave one out.')
    return dict(pairs)


def find(entries: Sequence[Entry], name: str) -> Entry:
    """Return the resource of this name.

    Raises:
        RefusalError: If there is none.
    """
    for entry in entries:
        if entry["name"] == name:
            return entry
    names = ", ".join(entry["name"] for entry in entries) or "none yet"
    raise RefusalError(f'There is no resource "{name}"; there are: {names}.')


def add(entries: Sequence[Entry], new: Entry) -> list[Entry]:
    """Add a resource at the end.

    Raises:
        RefusalError: If there is one of this name.
    """
    if any(entry["name"] == new["name"] for entry in entries):
        raise RefusalError(
            f'There is a resource "{new["name"]}" already: '
            f'give it a field by `resource field {new["name"]} "name: type"`.'
        )
    return [*entries, new]


def with_fields(entries: Sequence[Entry], name: str, fields: Entry) -> list[Entry]:
    """Add fields to a resource, or change those that it has."""
    former = find(entries, name)
    return exchange(entries, former | {"fields": former["fields"] | fields})


def without_fields(
    entries: Sequence[Entry], name: str, dropped: Sequence[str]
) -> list[Entry]:
    """Drop fields of a resource.

    Raises:
        RefusalError: If it has not all of them, or no other.
    """
    former = find(entries, name)
    for field in dropped:
        if field not in former["fields"]:
            names = ", ".join(former["fields"])
            raise RefusalError(f'"{name}" has no field "{field}"; it has: {names}.')
    left = {
        field: kind for field, kind in former["fields"].items() if field not in dropped
    }
    if not left:
        raise RefusalError(
            f'No field of "{name}" is left: drop it by `resource remove {name}`.'
        )
    constraints = {
        name: of
        for name, of in former.get("constraints", {}).items()
        if not {of if isinstance(of, str) else "", *of} & {*dropped}
    }
    said = {"constraints": constraints} if "constraints" in former else {}
    return exchange(entries, former | said | {"fields": left})


def without(entries: Sequence[Entry], name: str) -> list[Entry]:
    """Remove a resource.

    Raises:
        RefusalError: If there is none of this name, or another refers to it.
    """
    gone = find(entries, name)
    left = [entry for entry in entries if entry is not gone]
    for entry, field in referring(left, name):
        raise RefusalError(
            f"{entry}.{field} refers to {name}: "
            f"drop that first, by `resource drop-field {entry} {field}`."
        )
    return left


def referring(entries: Sequence[Entry], name: str) -> Iterator[tuple[str, str]]:
    """Find the resources and fields that refer to this one."""
    short = re.compile(rf"(ref|many)\(\s*{re.escape(name)}\s*\)")
    for entry in entries:
        for field, kind in entry["fields"].items():
            target = kind.get("to") if isinstance(kind, dict) else None
            if target == name or (isinstance(kind, str) and short.match(kind)):
                yield entry["name"], field


def exchange(entries: Sequence[Entry], changed: Entry) -> list[Entry]:
    """Put a changed resource in the place of the former one."""
    return [changed if entry["name"] == changed["name"] else entry for entry in entries]


def to_yaml(entries: Sequence[Entry]) -> str:
    """Write the list as a file for `resource apply` has it."""
    found: str = yaml.safe_dump(
        {"resources": list(entries)}, sort_keys=False, allow_unicode=True, width=1000
    )
    return found
