"""Asks the language what it refuses, and mends that or leaves it out."""

from __future__ import annotations

import re
from typing import Any

from importer import language

Entry = dict[str, Any]
ROUNDS = 40
WORDS = (
    "default",
    "unique",
    "index",
    "min",
    "max",
    "on_delete",
    "description",
    "read_only",
    "create_only",
    "write_only",
)
RENAMED = re.compile(r"choose another name, such as (\w+)|at most (\d+) characters|what it means")


FIELDS = ((r"(\w+)\.(\w+) ", 1, 2), (r'"(\w+)" .* the name of a field of (\w+);', 2, 1))
"""How sentences on fields begin, and which words are the resource and the field."""


def mend(resources: list[Entry]) -> tuple[list[Entry], list[str]]:
    """Change resources until nothing is refused.

    Returns:
        The resources, and a sentence for each change, or for what is left to mend by hand.
    """
    notes: list[str] = []
    refused: list[str] = []
    for _ in range(ROUNDS):
        refused = language.refusals(resources)
        mended = [note for sentence in refused if (note := _mend(resources, sentence))]
        notes += mended
        if not mended:
            break
    return resources, notes + [f"Mend by hand: {sentence}" for sentence in refused]


def _mend(resources: list[Entry], sentence: str) -> str | None:
    """Mend what a sentence is about, and say how; nothing if it is not clear what to do."""
    by_name = {one["name"]: one for one in resources}
    for form, resource, field in FIELDS:
        found = re.match(form, sentence)
        if found and found[field] in by_name.get(found[resource], {}).get("fields", ()):
            return _mend_field(by_name[found[resource]], found[field], sentence)
    name = re.match(r"(?:The description of )?(\w+) ", sentence)
    entry = by_name.get(name[1]) if name else None
    return _mend_entry(resources, entry, sentence) if entry else None


def _mend_entry(resources: list[Entry], entry: Entry, sentence: str) -> str | None:
    name = entry["name"]
    if sentence.startswith(f"{name} has no fields"):
        _leave_out(resources, entry)
        return f"{name} is left out, as nothing is left of it."
    if "another name" in sentence and (new := _renamed_resource(resources, entry)):
        return f"{name} is called {new}: {sentence}"
    if "description" in sentence and entry.pop("description", None):
        return f"{name} has no description here: {sentence}"
    for rule in list(entry.get("check", [])):
        if f'"{rule}"' in sentence:
            entry["check"].remove(rule)
            return f"{name} lacks the check {rule}: {sentence}"
    for key in ("check", "unique"):
        if key in sentence and entry.pop(key, None):
            return f"{name} lacks its {key}: {sentence}"
    return _smaller(entry, sentence)


def _mend_field(entry: Entry, name: str, sentence: str) -> str:
    path = f"{entry['name']}.{name}"
    renamed = RENAMED.search(sentence)
    if renamed and (
        "name" in sentence or "called" in sentence or "too long for a line" in sentence
    ):
        cut = int(renamed[2] or 0)
        new = renamed[1] or (name[:cut].strip("_") if cut else f"{entry['name']}_{name}")
        if new != name and new not in entry["fields"]:
            _rename(entry, name, new)
            return f"{path} is called {new}: {sentence}"
    given = entry["fields"][name]
    for word in WORDS:
        if re.search(rf"\b{word}\b", sentence) and given.pop(word, None) is not None:
            return f"{path} lacks its {word}: {sentence}"
    if given["type"] == "enum":
        longest = max([*map(len, given.pop("values")), 1])
        entry["fields"][name] = given | {"type": "str", "length": longest}
        return f"{path} is str({longest}): {sentence}"
    _drop(entry, name)
    return f"{path} is left out: {sentence}"


def _rename(entry: Entry, name: str, new: str) -> None:
    entry["fields"] = {new if one == name else one: each for one, each in entry["fields"].items()}
    groups = entry.get("unique", [])
    groups[:] = [[new if one == name else one for one in group] for group in groups]
    rules = entry.get("check", [])
    rules[:] = [re.sub(rf"\b{name}\b", new, rule) for rule in rules]


def _renamed_resource(resources: list[Entry], entry: Entry) -> str | None:
    """Give a resource a name that no other has."""
    former, taken = entry["name"], {one["name"] for one in resources}
    new = f"{former[:17].strip('_')}_record"
    if new in taken or language.name_refusal(new):
        return None
    entry["name"] = new
    for one in resources:
        for field in one["fields"].values():
            if field.get("to") == former:
                field["to"] = new
    return new


def _leave_out(resources: list[Entry], entry: Entry) -> None:
    resources.remove(entry)
    for one in resources:
        for name, field in list(one["fields"].items()):
            if field.get("to") == entry["name"]:
                _drop(one, name)


def _drop(entry: Entry, name: str) -> None:
    del entry["fields"][name]
    for key in ("unique", "check"):
        if key in entry:
            entry[key] = [
                one for one in entry[key] if name not in (one.split() if key == "check" else one)
            ]
            if not entry[key]:
                del entry[key]


def _smaller(entry: Entry, sentence: str) -> str | None:
    """Make the longest text one that MySQL keeps elsewhere, or an index less."""
    fields = entry["fields"]
    if "indexes" in sentence:
        for name, one in fields.items():
            if one.pop("index", None):
                return f"{entry['name']}.{name} has no index: {sentence}"
    if "row" in sentence:
        texts = [
            name
            for name, one in fields.items()
            if one["type"] == "str" and not one.keys() & {"unique", "index"}
        ]
        if texts:
            longest = max(texts, key=lambda name: fields[name].get("length", 200))
            fields[longest]["type"] = "text"
            return f"{entry['name']}.{longest} is a text: {sentence}"
    return None
