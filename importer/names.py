"""Names of the language, made of those in a database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from importer import language

LONGEST_RESOURCE, LONGEST_FIELD, LONGEST_PAIR = 24, 30, 62


def snake(name: str) -> str:
    """Return a name in snake_case: `CustomerID` is `customer_id`."""
    plain = (
        unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()
    )
    apart = re.sub(r"([A-Z]+)([A-Z][a-z])|([a-z0-9])(?=[A-Z])", r"\1\3_\2", plain)
    words = re.sub(r"[^a-z0-9]+", "_", apart.lower()).strip("_")
    return words if words[:1].isalpha() else f"n{words}"


def resource(table: str, taken: Iterable[str]) -> str:
    """Return the name of a resource for a table: the singular, and one that is free."""
    taken = set(taken)
    whole = re.sub(r"_(?=\d)", "", language.singular(snake(table)))
    short = shortened(whole, LONGEST_RESOURCE)
    stem = shortened(whole, LONGEST_RESOURCE - len("_record"))
    prefixed = f"project_{shortened(whole, LONGEST_RESOURCE - len('project_'))}"
    numbered = [f"{short[:22]}{number}" for number in range(2, 100)]
    more = [f"{prefixed[:22]}{number}" for number in range(2, 100)]
    for name in [short, f"{stem}_record", prefixed, *numbered, *more]:
        both = {name, language.plural(name)}
        if not both & taken and not language.name_refusal(name):
            return name
    return short


def field(column: str, owner: str, taken: Iterable[str]) -> str:
    """Return the name of a field for a column, one that is free."""
    return free([snake(column)], owner, taken)


def reference(column: str, target: str, owner: str, taken: Iterable[str]) -> str:
    """Return the name of a reference: that of its column, without the end that says so."""
    name = snake(column)
    stem = target if name == "id" else re.sub(r"_(id|fk)\Z", "", name)
    for ending in ("id", "code", "key", "no", "number", "name"):
        if re.fullmatch(rf"{target}_?{ending}", name):
            stem = target
    taken = set(taken)
    stems = [one for one in (stem, target, f"{stem}_ref") if f"{one}_id" not in taken]
    return free(stems, owner, taken)


def free(stems: list[str], owner: str, taken: Iterable[str]) -> str:
    """Return the first name that nothing has, shortened to what may be."""
    taken = set(taken)
    room = min(LONGEST_FIELD, (LONGEST_PAIR - len(owner)) // 2)
    names = [shortened(stem, room) for stem in stems]
    more = [f"{names[0][: room - 3]}_{number}" for number in range(2, 100)]
    return next(one for one in [*names, *more] if one not in taken)


def shortened(name: str, room: int) -> str:
    """Cut a name at a word, if there is one."""
    if len(name) <= room:
        return name
    words = name[: room + 1].rpartition("_")[0]
    return (words if len(words) > room // 2 else name[:room]).strip("_")
