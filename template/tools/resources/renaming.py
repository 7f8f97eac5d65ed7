"""The list of resources in which one of them, or a field, has another name."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from tools.resources.entries import Entry, exchange, find, referring
from tools.resources.errors import RefusalError

SAYING = ("unique", "check", "summary", "address", "constraints")
"""What a resource says of its fields besides their types."""


def rename_resource(
    entries: Sequence[Entry], old: str, new: str, plural: str | None
) -> list[Entry]:
    """Give a resource another name; references that are called like it follow.

    Raises:
        RefusalError: If there is none, or the name is taken.
    """
    former = find(entries, old)
    require_free(new, old, [entry["name"] for entry in entries], "There is a resource")
    found = list(entries)
    for entry, field in referring(entries, old):
        fields = find(found, entry)["fields"]
        name = new if field == old and new not in fields else field
        kind = {field: referring_to(fields[field], old, new)}
        found = exchange(found, find(found, entry) | {"fields": fields | kind})
        found = with_field_renamed(found, entry, field, name)
    renamed = find(found, old) | {"name": new}
    renamed.pop("plural", None)
    if plural:
        renamed["plural"] = plural
    index = list(entries).index(former)
    return [*found[:index], renamed, *found[index + 1 :]]


def rename_field(
    entries: Sequence[Entry], name: str, old: str, new: str
) -> list[Entry]:
    """Give a field another name; what its resource says of it follows.

    Raises:
        RefusalError: If there is none, or the name is taken.
    """
    fields = find(entries, name)["fields"]
    if old not in fields:
        names = ", ".join(fields)
        raise RefusalError(f'"{name}" has no field "{old}"; it has: {names}.')
    require_free(new, old, fields, f'"{name}" has a field')
    return with_field_renamed(entries, name, old, new)


def require_free(new: str, old: str, taken: Collection[str], found: str) -> None:
    """Stop if a name is none to change to.

    Raises:
        RefusalError: If it is the former one, or somebody else's.
    """
    if new == old:
        raise RefusalError(f'"{old}" is called so already.')
    if new in taken:
        raise RefusalError(f'{found} "{new}" already: choose another name.')


def with_field_renamed(
    entries: Sequence[Entry], name: str, old: str, new: str
) -> list[Entry]:
    """Change the name of a field, which keeps its place."""
    former = find(entries, name)
    fields = {
        new if one == old else one: made_of(kind, old, new)
        for one, kind in former["fields"].items()
    }
    said = {key: saying(former[key], old, new) for key in SAYING if key in former}
    found = exchange(entries, {**former, "fields": fields, **said})
    for entry, field in referring(found, name):
        others = find(found, entry)["fields"]
        kind = {field: filtered(others[field], old, new)}
        found = exchange(found, find(found, entry) | {"fields": others | kind})
    return found


def saying(said: Any, old: str, new: str) -> Any:
    """Change the name in lists and rules; the value of a condition stays."""
    if isinstance(said, list):
        return [saying(one, old, new) for one in said]
    if isinstance(said, dict):
        return {name: saying(one, old, new) for name, one in said.items()}
    if not isinstance(said, str):
        return said
    rule, equals, value = said.partition("=" if " if " in said else "\n")
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, rule) + equals + value


def filtered(kind: Any, old: str, new: str) -> Any:
    """Change the name in the filter of a reference, in either form."""

    def named(names: list[str]) -> list[str]:
        return [new if name == old else name for name in names]

    if isinstance(kind, dict):
        return {**kind, "filter": named(kind["filter"])} if kind.get("filter") else kind
    words = r"(?<= filter=)\S+"
    return re.sub(words, lambda found: ",".join(named(found[0].split(","))), kind)


def made_of(kind: Any, old: str, new: str) -> Any:
    """Change the name of what a slug is made of, in either form."""
    if isinstance(kind, dict):
        return {**kind, "source": new} if kind.get("source") == old else kind
    slug = rf"\s*slug\(\s*{re.escape(old)}\s*\)"
    return re.sub(rf"\A{slug}", f"slug({new})", kind)


def referring_to(kind: Any, old: str, new: str) -> Any:
    """Change the target of a reference, in either form."""
    if isinstance(kind, dict):
        return kind | {"to": new} if kind.get("to") == old else kind
    return re.sub(rf"\(\s*{re.escape(old)}\s*\)", f"({new})", kind, count=1)
