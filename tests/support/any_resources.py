"""Makes up lists of resources, legal ones, from a seed."""

from __future__ import annotations

from random import Random
from typing import Any

NAME, FIELD = 24, 30
"""Characters that a name may have; the plural takes two more at most."""

LONGEST_PAIR = 62
"""Characters that a name and twice that of a field may have together."""

LONGEST_CONSTRAINT = 63

DEFAULTS = {
    "bool": ("true", "false"),
    "decimal": ("0", "12.5"),
    "enum": ("one",),
    "float": ("1.5",),
    "int": ("7",),
    "str": ("a",),
    "text": ("Some words, and some more.",),
}
TYPES = (*DEFAULTS, "date", "datetime", "email", "json", "ref", "url", "uuid")
ARGUMENTS = {
    "decimal": ("(10,2)", "(6,3)", ""),
    "enum": ("(one, two)", "(one, quite-another, a-third)"),
    "str": ("", "(1)", "(120)"),
    "text": ("", "(500)"),
}
NUMBERS = ("decimal", "float", "int")
UNIQUE = ("email", "int", "str", "uuid")
INDEXED = ("date", "datetime", "int", "str")


def any_resources(seed: int, count: int = 4) -> list[dict[str, Any]]:
    """A list of resources with names of all lengths and fields of all types."""
    random = Random(seed)  # noqa: S311
    made: list[dict[str, Any]] = []
    for number in range(count):
        name = _word(random, NAME, f"q{number}")
        resource: dict[str, Any] = {"name": name, "owned": random.random() < 0.7}
        resource["soft_delete"] = random.random() < 0.3
        fields = (_field(random, resource, made) for _ in range(random.randint(1, 14)))
        longest = min(FIELD, (LONGEST_PAIR - len(name)) // 2)
        resource["fields"] = {
            _word(random, longest, f"v{position}"): field for position, field in enumerate(fields)
        }
        if group := _group(name, resource["fields"]):
            resource["unique"] = [group]
        made.append(resource)
    random.shuffle(made)
    return made


def _word(random: Random, longest: int, start: str) -> str:
    """A name that nothing else has: it begins like no word, and differently each time."""
    length = random.randint(len(start) + 2, longest)
    word = "".join(random.choice("bdgklmnrst") + random.choice("aeiou") for _ in range(longest))
    parts = [word[:length], *([word[:2]] if random.random() < 0.2 else [])]
    name = f"{start}{'_' if random.random() < 0.3 else ''}{'_'.join(parts)}"
    return name[:length].rstrip("_")


def _group(name: str, fields: dict[str, str]) -> list[str]:
    """Two fields that are unique together, if there are any; at most one is a text."""
    able = ("date", "enum", "int", "str(", "uuid")
    free = [key for key, one in fields.items() if one.startswith(able) and "unique" not in one]
    names = sorted(free, key=lambda key: fields[key].startswith("str"))[:2]
    texts = [key for key in names if fields[key].startswith("str")]
    fits = len(f"uq_{name}es_{'_'.join(names)}") <= LONGEST_CONSTRAINT
    many = any(not fields[key].startswith("enum") for key in names)
    return names if len(names) > 1 and len(texts) < 2 and fits and many else []


def _field(random: Random, owner: dict[str, Any], others: list[dict[str, Any]]) -> str:
    """A field in its short form."""
    kind = random.choice(TYPES)
    if kind == "ref":
        return _reference(random, owner, others)
    words = [kind + random.choice(ARGUMENTS.get(kind, ("",)))]
    if random.random() < 0.3:
        words.append("optional")
    if kind in UNIQUE and random.random() < 0.3:
        words.append("unique")
    elif kind in INDEXED and random.random() < 0.3:
        words.append("index")
    if kind in NUMBERS and random.random() < 0.5:
        words.append(random.choice(("min=0", "max=99", "min=0 max=99")))
    if kind in DEFAULTS and "unique" not in words and random.random() < 0.3:
        words.append(f"= {random.choice(DEFAULTS[kind])}")
    return " ".join(words)


def _reference(random: Random, owner: dict[str, Any], others: list[dict[str, Any]]) -> str:
    """A reference to what is there already, or to the resource itself."""
    there = [one for one in others if owner["owned"] or not one["owned"]]
    target = random.choice([owner, *there])
    if target is owner:
        return f"ref({owner['name']}) optional"
    if target["soft_delete"]:
        return f"ref({target['name']})" + random.choice(("", " optional"))
    ends = ("", " on_delete=cascade", " optional", " optional on_delete=set_null")
    return f"ref({target['name']}){random.choice(ends)}"
