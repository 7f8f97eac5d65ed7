"""Makes up lists of resources, legal ones, from a seed."""

from __future__ import annotations

import re
from random import Random
from typing import Any

NAME, FIELD = 24, 30
"""Characters that a name may have; the plural takes two more at most."""

LONGEST_PAIR = 62
"""Characters that a name and twice that of a field may have together."""

LONGEST_CONSTRAINT = 62

LONGEST_LINKS = 54
"""Characters of a resource, of a field `many`, and of the longer one once more."""

WORDS = ("secret", "token", "password", "my-pwd", "i", "O", "todo", "noqa", "mro", "name", "v" * 50)
"""Values of which linters, or enums themselves, make something else."""

NAMES = (
    *("delete_from", "eq", "fixme", "i", "noqa", "select_all_from", "tmp", "todo", "update_set"),
    *("column", "default", "group", "key", "object", "order", "rank", "type", "version", "where"),
)
TEXTS = ("TODO: mend", "# noqa", "# type: ignore", "# fmt: off", "select a from b", "x = 1", "pass")
"""The same as names of fields, and as texts."""

DEFAULTS = {
    "bool": ("true", "false"),
    "decimal": ("0", "12.5"),
    "enum": ("one",),
    "float": ("1.5",),
    "int": ("7",),
    "str": ("a",),
    "text": ("Some words, and some more.", '""', *TEXTS),
}
TYPES = (*DEFAULTS, "date", "datetime", "duration", "email", "json", "ref", "time", "url", "uuid")
GIVEN = ("file", "many", "number", "ref(user)", "slug")
"""Types that nobody guards."""
NUMBERED = ("number({seq})", "number(INV-{year}-{seq:5})", "number({year}/A.{seq:12})")
ARGUMENTS = {
    "decimal": ("(10,2)", "(6,3)", ""),
    "enum": (
        "(one, two)",
        "(one, One and a half, 1.5, A/B, something else)",
        "(one, C++, R&D, 007, DELETE FROM x)",
        "(one, quite-another, a-third)",
        f"(one, {', '.join(WORDS)})",
    ),
    "str": ("", "(1)", "(120)", "(255)"),
    "text": ("", "(500)"),
}
LISTED = ("str", "str, 1", "str, 255", "int", "date", "uuid", "email", "url")
NUMBERS = ("decimal", "float", "int")
EXACT = ("bool", "date", "decimal", "email", "enum", "int", "str", "time", "url", "uuid")
UNIQUE = ("email", "int", "str", "time", "uuid")
INDEXED = ("date", "datetime", "duration", "int", "str", "time")


def any_resources(seed: int, count: int = 4) -> list[dict[str, Any]]:
    """A list of resources with names of all lengths and fields of all types."""
    random = Random(seed)  # noqa: S311
    linking = Random(f"links {seed}")  # noqa: S311
    made: list[dict[str, Any]] = []
    for number in range(count):
        known = [one["name"] for one in made]
        name = _longer(random, known, NAME) or _word(random, NAME, f"q{number}")
        resource: dict[str, Any] = {"name": name, "owned": random.random() < 0.7}
        resource["soft_delete"] = random.random() < 0.3
        resource |= _access(Random(f"access {seed} {number}"), owned=resource["owned"])  # noqa: S311
        if operations := _operations(Random(f"operations {seed} {number}")):  # noqa: S311
            resource["operations"] = operations
        if Random(f"id {seed} {number}").random() < 0.3:  # noqa: S311
            resource["id"] = "integer"
        if bulk := _bulk(Random(f"bulk {seed} {number}"), resource):  # noqa: S311
            resource["bulk"] = bulk
        if table := _csv(Random(f"csv {seed} {number}"), resource):  # noqa: S311
            resource["csv"] = table
        longest = min(FIELD, (LONGEST_PAIR - len(name)) // 2)
        fields: dict[str, str] = {}
        for position in range(random.randint(1, 14)):
            key = _longer(random, list(fields), longest) or _word(random, longest, f"v{position}")
            key = random.choice(NAMES) if random.random() < 0.1 else key
            fields[key] = _field(random, resource, made)
        resource["fields"] = fields
        _filter(Random(f"filters {seed} {number}"), resource, _own(resource, made))  # noqa: S311
        fields |= _links(linking, resource, made)
        if (numbering := Random(f"numbers {seed} {number}")).random() < 0.2:  # noqa: S311
            fields[_word(numbering, longest, "u0")] = numbering.choice(NUMBERED)
        _list(Random(f"lists {seed} {number}"), fields, longest)  # noqa: S311
        if groups := _groups(random, name, fields):
            resource["unique"] = groups
        if checks := _checks(Random(f"checks {seed} {number}"), name, fields):  # noqa: S311
            resource["check"] = checks
        fields |= _users(Random(f"users {seed} {number}"), resource)  # noqa: S311
        _guard(Random(f"guards {seed} {number}"), resource)  # noqa: S311
        _slug(Random(f"slugs {seed} {number}"), resource, longest)  # noqa: S311
        _code(Random(f"codes {seed} {number}"), resource, longest)  # noqa: S311
        _file(Random(f"files {seed} {number}"), resource, longest)  # noqa: S311
        _sum_up(Random(f"summaries {seed} {number}"), resource)  # noqa: S311
        _nest(Random(f"nests {seed} {number}"), resource, made)  # noqa: S311
        _plant(Random(f"trees {seed} {number}"), resource)  # noqa: S311
        _adopt(Random(f"adopt {seed} {number}"), resource)  # noqa: S311
        made.append(resource)
    random.shuffle(made)
    return made


def _list(random: Random, fields: dict[str, str], longest: int) -> None:
    """Add a list of plain values, perhaps."""
    if random.random() < 0.3:
        words = random.choice(LISTED), random.choice(("", " max=1", " max=1000"))
        fields[_word(random, longest, "l0")] = "list({}){}".format(*words)


def _slug(random: Random, resource: dict[str, Any], longest: int) -> None:
    """Add a slug of one of the texts that rows must have, by which they may be found."""
    fields: dict[str, str] = resource["fields"]
    texts = {key: one for key, one in fields.items() if one.startswith("str")}
    able = [key for key, one in texts.items() if not re.search(" (optional|write_only)", one)]
    if able and random.random() < 0.3:
        word = random.choice(["", " unique=global"])
        name = _word(random, longest, "s0")
        fields[name] = f"slug({random.choice(able)}){word}"
        if random.random() < 0.7 and (word or not _is_open(resource)):
            resource["address"] = name


def _code(random: Random, resource: dict[str, Any], longest: int) -> None:
    """Add a text by which rows are found, which clients choose."""
    if "address" not in resource and random.random() < 0.2:
        name, words = _word(random, longest, "c0"), ["", " create_only", " search"]
        unique = "unique=global" if _is_open(resource) else "unique"
        length = random.choice(("1", "12", "100"))
        resource["fields"][name] = f"str({length}) {unique}{random.choice(words)}"
        resource["address"] = name


def _file(random: Random, resource: dict[str, Any], longest: int) -> None:
    """Add a file."""
    if random.random() < 0.2:
        kinds = ["image/png", "application/pdf", "application/vnd.oasis.opendocument.text"]
        bound = random.choice(["", " max=1kB", " max=999MB"])
        chosen = ", ".join(kinds[: random.randint(1, 3)])
        resource["fields"][_word(random, longest, "f0")] = f"file({chosen}){bound}"


def _access(random: Random, *, owned: bool) -> dict[str, str]:
    """Who may do what, or nothing of it."""
    of_owners = ["", "read=public", "read=users write=owner", "read=owner"]
    shared = ["", "read=public write=users", "read=public write=admin", "write=admin"]
    shared.append("read=admin write=admin")
    chosen = random.choice(["", *(of_owners if owned else shared)])
    return dict(one.split("=") for one in chosen.split())


def _operations(random: Random) -> list[str]:
    """What clients can do with the rows, or nothing for all of it."""
    names = [one for one in ("list", "create", "update", "delete") if random.random() < 0.5]
    chosen = [["list"], ["read", *names], *[[]] * 3]
    return random.choice(chosen)


def _bulk(random: Random, resource: dict[str, Any]) -> list[str]:
    """What clients can do with many rows at once."""
    able = [one for one in ("create", "update", "delete") if _does(resource, one)]
    return [one for one in able if random.random() < 0.2]


def _csv(random: Random, resource: dict[str, Any]) -> list[str]:
    """What clients can do with rows as a table."""
    able = {"export": _does(resource, "list"), "import": _does(resource, "create")}
    return [one for one, is_able in able.items() if is_able and random.random() < 0.2]


def _does(resource: dict[str, Any], operation: str) -> bool:
    """Whether clients can do so with its rows."""
    return operation in resource.get("operations", [operation])


def reader(resource: dict[str, Any]) -> str:
    """Who reads it."""
    return str(resource.get("read", "owner" if resource["owned"] else "users"))


def _is_open(resource: dict[str, Any]) -> bool:
    """Whether its rows belong to users, and others read them."""
    return resource["owned"] and reader(resource) != "owner"


def _own(owner: dict[str, Any], others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those by which its list can be filtered: that of one owner not by rows of others."""
    is_private = reader(owner) == "owner"
    return [one for one in others if not (is_private and _is_open(one))]


def _shows(owner: dict[str, Any], target: dict[str, Any]) -> bool:
    """Whether a resource can refer to another one: who reads it must read that as well."""
    within = {"public": ("public", "users", "owner", "admin"), "users": ("users", "owner", "admin")}
    return reader(owner) in within.get(reader(target), (reader(target),))


def _word(random: Random, longest: int, start: str) -> str:
    """A name that nothing else has: it begins like no word, and differently each time."""
    length = random.randint(len(start) + 2, longest)
    word = "".join(random.choice("bdgklmnrst") + random.choice("aeiou") for _ in range(longest))
    parts = [word[:length], *([word[:2]] if random.random() < 0.2 else [])]
    name = f"{start}{'_' if random.random() < 0.3 else ''}{'_'.join(parts)}"
    return name[:length].rstrip("_")


def _longer(random: Random, others: list[str], longest: int) -> str:
    """A name that another one begins, if there is one that leaves room."""
    ends = ("_x", "x", "9", "_x9")
    able = [one + end for one in others for end in ends if len(one + end) <= longest]
    free = [one for one in able if one not in others]
    return random.choice(free) if free and random.random() < 0.2 else ""


def _links(random: Random, owner: dict[str, Any], others: list[dict[str, Any]]) -> dict[str, str]:
    """Fields that link to what is there already, or to the resource itself."""
    own = len(owner["name"])
    longest = min(FIELD, LONGEST_LINKS - 2 * own if own > 18 else (LONGEST_LINKS - own) // 2)
    there = [owner, *(one for one in others if _shows(owner, one))]
    there = [one for one in there if "table" not in one]
    names = [_word(random, longest, f"w{number}") for number in range(random.randint(0, 2))]
    return {name: f"many({random.choice(there)['name']})" for name in names}


def _filter(random: Random, owner: dict[str, Any], others: list[dict[str, Any]]) -> None:
    """Let lists be filtered by what references refer to, and answers include it."""
    fields = owner["fields"]
    targets = {one["name"]: one["fields"] for one in others}
    for name, kind in fields.items():
        if kind.startswith("ref(") and random.random() < 0.3:
            fields[name] = kind = f"{kind} include"
        target = targets.get(kind.partition(")")[0].removeprefix("ref("), {})
        seen = {key: one for key, one in target.items() if "write_only" not in one}
        able = [key for key, one in seen.items() if one.split("(")[0].split()[0] in EXACT]
        if able and _does(owner, "list") and random.random() < 0.4:
            chosen = random.sample(able, random.randint(1, len(able)))
            fields[name] = f"{kind} filter={','.join(chosen)}"


def _nest(random: Random, owner: dict[str, Any], others: list[dict[str, Any]]) -> None:
    """Let rows be created with what some references refer to, one of a kind."""
    fields, seen = owner["fields"], set[str]()
    for key, kind in fields.items():
        name = kind.partition(")")[0].removeprefix("ref(")
        able = [one for one in others if one["name"] == name and not one["soft_delete"]]
        able = [one for one in able if owner.get("write") in (None, one.get("write"))]
        able = [one for one in able if _does(owner, "list") and _does(one, "create")]
        is_own = "=cascade" in kind and "read_only" not in kind and name not in seen
        if able and is_own and random.random() < 0.5:
            fields[key] = f"{kind} nested"
            seen.add(name)


def _plant(random: Random, resource: dict[str, Any]) -> None:
    """Let rows form trees by one of the fields that refer to others of their own kind."""
    fields: dict[str, str] = resource["fields"]
    able = [key for key, one in fields.items() if one.startswith(f"ref({resource['name']})")]
    able = [key for key in able if "read_only" not in fields[key]]
    if able and random.random() < 0.5:
        fields[random.choice(able)] += random.choice((" tree", " tree=2", " tree=7"))


def _groups(random: Random, name: str, fields: dict[str, str]) -> list[list[str]]:
    """Lists of fields that are unique together, which may share some."""
    able = ("bool", "date", "enum", "int", "ref", "str", "time", "uuid")
    free = [key for key, one in fields.items() if one.startswith(able) and "unique" not in one]
    found: dict[frozenset[str], list[str]] = {}
    for _ in range(random.randint(0, 4)):
        group = random.sample(free, min(len(free), random.randint(2, 3)))
        if _is_group(name, [fields[key] for key in group], group):
            found[frozenset(group)] = group
    return list(found.values())


def _checks(random: Random, name: str, fields: dict[str, str]) -> list[str]:
    """Rules over two fields; of each type, one is more than another at most."""
    found = []
    for kind in ("date", "datetime", "decimal", "float", "int"):
        able = [key for key, one in fields.items() if one.split("(")[0].split()[0] == kind]
        able = [key for key in able if not re.search("max=13|max=99$|unique| = ", fields[key])]
        if len(able) > 1 and random.random() < 0.8:
            one, other = random.sample(able, 2)
            operator = random.choice((">", ">=", "<", "<="))
            if len(f"ck_{name}es_{one}_ge_{other}") <= LONGEST_CONSTRAINT:
                found.append(f"{one} {operator} {other}")
    return found


def _users(random: Random, resource: dict[str, Any]) -> dict[str, str]:
    """Fields that refer to users, none of which takes a row of somebody else along."""
    kinds = ["optional", "optional read_only", "optional unique", "optional on_delete=set_null"]
    kinds += ["read_only", "optional create_only"] if resource["owned"] else []
    longest = min(FIELD, (LONGEST_PAIR - len(resource["name"])) // 2)
    names = [_word(random, longest, f"z{number}") for number in range(random.randint(0, 2))]
    return {name: f"ref(user) {random.choice(kinds)}" for name in names}


def _guard(random: Random, resource: dict[str, Any]) -> None:
    """Take from clients what fields they set, change or see; not of all of them."""
    fields: dict[str, str] = resource["fields"]
    groups, checks = resource.get("unique", []), resource.get("check", [])
    together = {name for one in (*groups, *map(str.split, checks)) for name in one}
    able = [key for key, one in fields.items() if not one.startswith(GIVEN)]
    for key in able[1:]:
        start, *default = fields[key].split(" = ", 1)
        words = ["create_only"]
        if key not in together and ("optional" in start or default):
            words.append("read_only")
        if key not in together and not re.search("unique|index|search|ref", start):
            words += ["write_only", "create_only write_only"]
        if random.random() < 0.3:
            fields[key] = " = ".join((f"{start} {random.choice(words)}", *default))


def _sum_up(random: Random, resource: dict[str, Any]) -> None:
    """Say which field stands for the whole, perhaps."""
    fields: dict[str, str] = resource["fields"]
    silent = ("bool", "float", "json", "list", "many", "ref", "text")
    able = [key for key, one in fields.items() if not one.startswith(silent)]
    able = [key for key in able if "write_only" not in fields[key]]
    if able and random.random() < 0.3:
        resource["summary"] = random.choice(able)


def _adopt(random: Random, resource: dict[str, Any]) -> None:
    """Keep a resource in a table of another name, with columns of other names."""
    fields: dict[str, str] = resource["fields"]
    unfit = resource["owned"] or resource["soft_delete"] or {"address", "check"} & {*resource}
    groups = resource.get("unique", [])
    texts = any(fields[key].startswith("str") for group in groups for key in group)
    if (
        unfit
        or texts
        or any(
            one.startswith(("file", "list", "many", "number", "slug")) for one in fields.values()
        )
    ):
        return
    if random.random() < 0.9:
        resource["table"] = random.choice(("Old", "old table ", "")) + resource["name"].title()
        if random.random() < 0.7:
            resource["id_column"] = f"{resource['name'][:18].title()}ID"
        for key, (start, *default) in {
            key: one.split(" = ", 1) for key, one in fields.items()
        }.items():
            if random.random() < 0.7:
                fields[key] = " = ".join((f"{start} column=Old{key.title()}", *default))
        named: dict[str, str | list[str]] = {"PRIMARY": [random.choice(list(fields))]}
        for number, group in enumerate([*groups, *([key] for key in fields)]):
            name = f"{resource['name'][:20].title()} ({number})"
            is_reference = fields[group[0]].startswith("ref(") and len(group) == 1
            if random.random() < 0.5 and "ref(user)" not in fields[group[0]]:
                named[name] = group[0] if is_reference else group
        resource["constraints"] = named


def _is_group(name: str, kinds: list[str], group: list[str]) -> bool:
    """Whether fields can be unique together: one has many values, and few are long."""
    texts = sum(kind.startswith("str") for kind in kinds)
    choices = sum(kind.startswith("enum") for kind in kinds)
    few = all(kind.startswith(("bool", "enum")) for kind in kinds)
    fits = len(f"uq_{name}es_{'_'.join(group)}") <= LONGEST_CONSTRAINT
    return len(group) > 1 and texts < 2 and (not texts or choices < 2) and fits and not few


def _field(random: Random, owner: dict[str, Any], others: list[dict[str, Any]]) -> str:
    """A field in its short form."""
    kind = random.choice(TYPES)
    if kind == "ref":
        return _reference(random, owner, others)
    words = [kind + random.choice(ARGUMENTS.get(kind, ("",)))]
    if random.random() < 0.3:
        words.append("optional")
    if kind in UNIQUE and random.random() < 0.3:
        words.append(random.choice(("unique", "unique", "unique=global")))
    elif kind in INDEXED and random.random() < 0.3:
        words.append("index")
    if kind in ("str", "text") and random.random() < 0.2:
        words.append("search")
    if kind in NUMBERS and random.random() < 0.5:
        words.append(random.choice(("min=0", "max=99", "min=0 max=99", "min=-4 max=13")))
    if (
        kind in DEFAULTS
        and not any(word.startswith("unique") for word in words)
        and random.random() < 0.3
    ):
        words.append(f"= {random.choice(DEFAULTS[kind])}")
    return " ".join(words)


def _reference(random: Random, owner: dict[str, Any], others: list[dict[str, Any]]) -> str:
    """A reference to what is there already, or to the resource itself."""
    there = [one for one in others if _shows(owner, one)]
    target = random.choice([owner, *there])
    is_open = _is_open(target)
    if target is owner:
        return f"ref({owner['name']}) optional{' on_delete=set_null' if is_open else ''}"
    if is_open:
        end = random.choice((" on_delete=cascade", " optional on_delete=set_null"))
        return f"ref({target['name']}){end}"
    if target["soft_delete"]:
        return f"ref({target['name']})" + random.choice(("", " optional"))
    ends = ("", " on_delete=cascade", " optional", " optional on_delete=set_null")
    return f"ref({target['name']}){random.choice(ends)}"
