"""What the answer `resources` says: the resources that the project must have.

Read from the answer and not from the code, so that what the code forgets is missed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import yaml
from fastapi.routing import iter_route_contexts
from sqlalchemy import Table

import app.features
import app.models  # noqa: F401  (so that all tables are known)
from app.db.base import Base
from app.main import app as application

ANSWERS = Path(__file__).parents[2] / ".copier-answers.yml"
SHORT = re.compile(
    r"\s*(?P<type>\w+)(?:\((?P<arguments>[^)]*)\))?"
    r"(?P<words>(?:\s+[^\s=]+(?:=\S+)?)*?)(?:\s+=\s*(?P<default>.*?))?\s*"
)
LENGTHS = {"str": 200, "list": 200, "text": 10000, "email": 254, "url": 2000}
COMPARED = {
    "str": ["", "in"],
    "email": ["", "in"],
    "url": [""],
    "int": ["", "gte", "lte", "in"],
    "float": ["gte", "lte"],
    "decimal": ["", "gte", "lte"],
    "bool": [""],
    "date": ["", "gte", "lt"],
    "datetime": ["gte", "lt"],
    "time": ["", "gte", "lt"],
    "duration": ["gte", "lte"],
    "uuid": ["", "in"],
    "enum": ["", "in", "ne"],
    "list": [""],
    "ref": ["", "in", "ne"],
}
NUMBERS = count()
PARAMETERS = ("cursor", "limit", "q", "skip", "sort", "total")
"""What every list takes, and so is called like no filter."""
SORTED = {"int", "float", "decimal", "date", "datetime", "time", "duration"}


@dataclass(frozen=True)
class Field:
    """A field as the answer describes it."""

    name: str
    type: str
    of: str = ""
    length: int = 0
    digits: int = 10
    places: int = 2
    values: tuple[str, ...] = ()
    to: str = ""
    optional: bool = False
    unique: bool = False
    unique_for_all: bool = False
    index: bool = False
    search: bool = False
    min: float | None = None
    max: float | None = None
    default: Any = None
    on_delete: str = "restrict"
    through: tuple[str, ...] = ()
    include: bool = False
    nested: bool = False
    levels: int = 0
    in_group: bool = False
    in_paths: bool = False
    read_only: bool = False
    create_only: bool = False
    write_only: bool = False

    @property
    def is_user(self) -> bool:
        """Return whether it refers to a user."""
        return self.to == "user"

    @property
    def is_guarded(self) -> bool:
        """Return whether a client cannot set it, change it or see it."""
        return self.read_only or self.create_only or self.write_only

    @property
    def attribute(self) -> str:
        """Return what the API calls it."""
        return f"{self.name}_id" if self.to else self.name

    @property
    def is_required(self) -> bool:
        """Return whether a client must send it."""
        return not self.optional and self.default is None

    @property
    def is_indexed(self) -> bool:
        """Return whether it is a text in an index, which bounds its length."""
        return self.type == "str" and (self.unique or self.index or self.in_group)

    @property
    def is_folded(self) -> bool:
        """Return whether it is found and compared without regard to case."""
        return self.search or self.is_indexed

    @property
    def is_sortable(self) -> bool:
        """Return whether lists can be sorted by it."""
        is_text = self.is_folded and self.type == "str"
        return not self.write_only and (is_text or self.type in SORTED)

    @property
    def filters(self) -> list[str]:
        """Return how lists can be filtered by it."""
        if self.write_only:
            return []
        absent = ["isnull"] if self.optional else []
        if self.is_folded:
            ways = ["", "contains", "in"] if self.type == "str" else ["contains"]
            return [*ways, *absent]
        taken = [""] if self.name in PARAMETERS else []
        ways = COMPARED.get(self.type, [])
        return [*(way for way in ways if way not in taken), *absent]


@dataclass(frozen=True)
class Link:
    """A field of the type `many` as the answer describes it."""

    name: str
    to: str
    table: Table

    @property
    def own(self) -> str:
        """Return the column of the rows that have the field."""
        return next(iter(self.table.primary_key)).name

    @property
    def target(self) -> str:
        """Return the column of what they are linked to, which names a filter too."""
        return list(self.table.primary_key)[1].name

    @property
    def attribute(self) -> str:
        """Return what bodies call it."""
        return f"{self.target}s"


@dataclass(frozen=True)
class Resource:
    """A resource as the answer describes it."""

    name: str
    fields: tuple[Field, ...]
    groups: tuple[tuple[str, ...], ...]
    owned: bool
    soft_delete: bool
    read: str
    write: str
    table: Table
    url: str
    links: tuple[Link, ...]
    rules: tuple[str, ...]
    summary: str | None = None
    has_integer_ids: bool = False
    numbers: tuple[tuple[str, str], ...] = ()
    slugs: tuple[tuple[str, str], ...] = ()
    address: str | None = None
    bulk: tuple[str, ...] = ()
    csv: tuple[str, ...] = ()
    files: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def absent(self) -> str | int:
        """Return an id that no row has."""
        return 2**63 - 1 - next(NUMBERS) if self.has_integer_ids else str(uuid4())

    def key(self, row: Mapping[str, Any]) -> UUID | int:
        """Return the id of a row, which the API shows, as the table has it."""
        return row["id"] if self.has_integer_ids else UUID(row["id"])

    @property
    def plural(self) -> str:
        """Return what several rows are called in paths and bodies."""
        return self.url.rsplit("/", 1)[-1].replace("-", "_")

    def field(self, name: str) -> Field:
        """Return a field by its name."""
        return next(one for one in self.fields if one.name == name)

    @property
    def guarded(self) -> list[Field]:
        """Return the fields that a client cannot set, change or see."""
        return [one for one in self.fields if one.is_guarded and not one.is_user]

    @property
    def users(self) -> list[Field]:
        """Return the fields that refer to users."""
        return [one for one in self.fields if one.is_user]

    @property
    def references(self) -> list[Field]:
        """Return the fields that refer to rows."""
        return [one for one in self.fields if one.to]

    @property
    def unique(self) -> list[tuple[Field, ...]]:
        """Return the groups of fields, of one or more, that no two rows share."""
        groups = [(one.name,) for one in self.fields if one.unique]
        return [
            tuple(self.field(name) for name in group)
            for group in (*groups, *self.groups)
        ]


def lengthened(text: str) -> dict[str, Any]:
    """Return the long form of a field."""
    found = SHORT.fullmatch(text)
    assert found, text
    kind = found["type"]
    default = "" if found["default"] == '""' else found["default"]
    arguments = [one.strip() for one in (found["arguments"] or "").split(",")]
    names = {"str": ["length"], "text": ["length"], "ref": ["to"], "many": ["to"]}
    names |= {"decimal": ["digits", "places"], "list": ["of", "length"]}
    mapping: dict[str, Any] = {"type": kind}
    if kind == "enum":
        mapping["values"] = arguments
    elif found["arguments"]:
        mapping |= dict(zip(names[kind], arguments, strict=False))
    for word in found["words"].split():
        key, has_value, value = word.partition("=")
        mapping[key] = value if has_value else True
        if key == "filter":
            mapping[key] = value.split(",")
    return mapping | ({"default": default} if default is not None else {})


def as_sent(kind: str, places: int, value: Any) -> Any:
    """Return a default as the API shows it."""
    if kind == "bool":
        return value in (True, "true")
    if kind == "decimal":
        return f"{float(value):.{places}f}"
    if value == []:
        return value
    if value == '""':
        return ""
    return {"int": int, "float": float}.get(kind, str)(value)


def field_of(
    name: str, given: str | dict[str, Any], *, in_group: bool, in_paths: bool
) -> Field:
    """Read a field, in its short form or its long one."""
    field = lengthened(given) if isinstance(given, str) else dict(given)
    kind, places = field["type"], int(field.get("places") or 2)
    if field.get("places") in (0, "0"):
        places = 0
    default = field.get("default", [] if kind == "list" else None)
    bounds = {key: field.get(key) for key in ("min", "max")}
    return Field(
        name=name,
        type=kind,
        of=field.get("of") or "",
        length=int(field.get("length") or LENGTHS.get(kind, 0)),
        digits=int(field.get("digits") or 10),
        places=places,
        values=tuple(field.get("values") or ()),
        to=field.get("to") or "",
        optional=bool(field.get("optional")),
        unique=bool(field.get("unique")),
        unique_for_all=field.get("unique") == "global",
        index=bool(field.get("index")),
        search=bool(field.get("search")),
        min=None if bounds["min"] is None else float(bounds["min"]),
        max=None if bounds["max"] is None else float(bounds["max"]),
        default=None if default is None else as_sent(kind, places, default),
        on_delete=field.get("on_delete") or "restrict",
        through=tuple(field.get("filter") or ()),
        include=bool(field.get("include")),
        nested=bool(field.get("nested")),
        levels=20 if field.get("tree") is True else int(field.get("tree") or 0),
        in_group=in_group,
        in_paths=in_paths,
        read_only=bool(field.get("read_only")),
        create_only=bool(field.get("create_only")),
        write_only=bool(field.get("write_only")),
    )


def numbers_of(fields: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the names and patterns of what is numbered; no client sets it."""
    short = {name: one for name, one in fields.items() if isinstance(one, str)}
    found = {name: re.fullmatch(r"number\((.*)\)", one) for name, one in short.items()}
    return tuple((name, one[1]) for name, one in found.items() if one)


def slugs_of(fields: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the names of slugs, and of what they are made of; no client sets them."""
    found = {name: field_type(one) for name, one in fields.items()}
    return tuple((name, one[5:-1]) for name, one in found.items() if one[:4] == "slug")


def words_of(given: str | list[str]) -> tuple[str, ...]:
    """Return the words of a key, whether they are a text or a list."""
    return tuple(re.findall(r"\w+", given) if isinstance(given, str) else given)


def field_type(given: str | dict[str, Any]) -> str:
    """Return the type of a field with its arguments, as in the short form."""
    if isinstance(given, str):
        return given.split()[0]
    return f"{given['type']}({given.get('source')})"


def files_of(fields: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the names of files, and what those may be; no body has them."""
    found = {}
    for name, given in fields.items():
        if isinstance(given, str) and given.startswith("file("):
            found[name] = tuple(given[5:].partition(")")[0].split(", "))
        elif isinstance(given, dict) and given["type"] == "file":
            found[name] = tuple(given["values"])
    return tuple(found.items())


def tables() -> dict[str, Table]:
    """Return the tables of resources by the names of their modules."""
    found = {}
    for mapper in Base.registry.mappers:
        package, _, module = mapper.class_.__module__.rpartition(".")
        if package == "app.models":
            found[module] = Base.metadata.tables[mapper.class_.__tablename__]
    return found


def urls() -> dict[str, str]:
    """Return where rows are, by the names of the modules that describe their answers."""
    found = {}
    for route in iter_route_contexts(application.routes):
        path, _, rest = str(route.path).partition("/{")
        answer = getattr(route, "response_model", None)
        package, _, module = getattr(answer, "__module__", "").rpartition(".")
        if package == "app.schemas" and "/" not in rest:
            found[module] = path
    return found


def resources() -> list[Resource]:
    """Return those whose fields can have any value, whatever the others have.

    Nothing of them is found by an address in place of the id.
    """
    found = everything()
    plain = [one for one in found if not (one.rules or one.guarded or one.users)]
    hidden = {one.name for one in found if one.address}
    return [
        one
        for one in plain
        if hidden.isdisjoint({one.name, *(field.to for field in one.references)})
    ]


def guarded() -> list[Resource]:
    """Return those with fields that a client cannot set, change or see."""
    plain = (one for one in everything() if not one.users and not one.address)
    return [one for one in plain if one.guarded]


def peopled() -> list[Resource]:
    """Return those with fields that refer to users."""
    return [one for one in everything() if one.users]


def ruled() -> list[Resource]:
    """Return those whose fields have to do with each other."""
    return [one for one in everything() if one.rules and not one.guarded]


@cache
def everything() -> list[Resource]:
    """Return the resources that the project must have."""
    answers = yaml.safe_load(ANSWERS.read_text())
    found = []
    for one in answers["resources"]:
        given_groups = tuple(tuple(group) for group in one.get("unique") or ())
        grouped = {name for group in given_groups for name in group}
        default = "users" if one.get("owned") is False else "owner"
        fields = [
            field_of(
                name,
                given,
                in_group=name in grouped,
                in_paths=name == one.get("address"),
            )
            for name, given in one["fields"].items()
            if name not in dict(numbers_of(one["fields"]) + slugs_of(one["fields"]))
            and name not in dict(files_of(one["fields"]))
        ]
        if answers["auth"] == "none":
            fields = [each for each in fields if not each.is_user]
        known = {each.name for each in fields}
        groups = tuple(group for group in given_groups if known.issuperset(group))
        links = (
            Link(each.name, each.to, Base.metadata.tables[f"{one['name']}_{each.name}"])
            for each in fields
            if each.type == "many"
        )
        found.append(
            Resource(
                name=one["name"],
                fields=tuple(each for each in fields if each.type != "many"),
                groups=groups,
                owned=one.get("owned") is not False,
                read=one.get("read") or default,
                write=one.get("write") or default,
                soft_delete=one.get("soft_delete") is True,
                table=tables()[one["name"]],
                url=urls().get(one["name"], ""),
                links=tuple(links),
                rules=tuple(one.get("check") or ()),
                summary=one.get("summary"),
                has_integer_ids=one.get("id") == "integer",
                numbers=numbers_of(one["fields"]),
                slugs=slugs_of(one["fields"]),
                address=one.get("address"),
                bulk=words_of(one.get("bulk") or ()),
                csv=words_of(one.get("csv") or ()),
                files=files_of(one["fields"]),
            )
        )
    return found


def resource(name: str) -> Resource:
    """Return a resource by its name."""
    return next(one for one in everything() if one.name == name)
