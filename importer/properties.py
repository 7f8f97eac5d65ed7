"""What an OpenAPI document keeps, as tables: its properties are their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from importer import language, names
from importer.columns import MOST_DIGITS, Email, Url
from importer.documents import Api, Collection
from importer.reading import Column, Database, ForeignKey, Table
from importer.shapes import Shape, listing

LONG_TEXTS = {"bio", "body", "comment", "content", "description", "message", "note", "text"}
"""Names of texts that are long, where the document does not say how long they may be."""

USUAL_LENGTH = 200
"""Characters of other texts: as many as the language gives a `str`."""

FORMATS: dict[str, TypeEngine[Any]] = {
    "date": sa.Date(),
    "date-time": sa.DateTime(timezone=True),
    "decimal": sa.Numeric(),
    "duration": sa.Interval(),
    "email": Email(),
    "time": sa.Time(),
    "time-local": sa.Time(),
    "uri": Url(),
    "url": Url(),
    "uuid": sa.Uuid(),
}
TYPES: dict[str, TypeEngine[Any]] = {
    "boolean": sa.Boolean(),
    "integer": sa.Integer(),
    "number": sa.Float(),
    "object": sa.JSON(),
}
EXAMPLES = {
    "duration": re.compile(r"P(?=\d|T\d)(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?"),
    "url": re.compile(r"https?://\S+"),
}
MOST = 2**31 - 1
BOUNDS = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
OF_ANSWERS = re.compile(r"_(read|out|response|result|dto|summary|detail|model|schema|public)\Z")


def as_tables(api: Api) -> Database:
    """Describe what is kept as tables, those of links among them."""
    return Database("openapi", [*Tables(api).made()], api.notes)


class Tables:
    """Makes tables of an API's collections."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._by_name = {one.name: one for one in api.collections}
        self._by_shape = {
            name: one
            for one in api.collections
            for name in (*one.shown.names, *one.sent.names)
            if one.shown.properties
        }

    def made(self) -> Iterator[Table]:
        """Return a table for each collection, and for each list of others in one."""
        for one in self._api.collections:
            known = one.properties
            primary = ("id",) if "id" in known else ()
            comment = str(one.shown.words.get("description") or "")
            table = Table(one.segment, comment, {}, primary, [], [], [], [])
            self._add_parent(table, one, {names.snake(name) for name in known})
            for name, schema in known.items():
                shape = self._api.document.shape(schema)
                target = None if name == "id" else self._target(names.snake(name), shape, one)
                if target and self._has_ids(name, known):
                    continue
                if target and shape.type == "array":
                    yield _linking(table, name, target)
                elif target:
                    self._refer(table, self._column(name, shape, one), target)
                else:
                    self._add(table, self._column(name, shape, one), shape)
            yield table

    def _add_parent(self, table: Table, one: Collection, known: set[str]) -> None:
        """Add the reference that a path says: `/articles/{slug}/comments`."""
        above = next((each for each in self._api.collections if each.segment == one.parent), None)
        if above and not {above.name, f"{above.name}_id"} & known:
            self._refer(
                table, Column(f"{above.name}_id", sa.Uuid(), False, None, False, None), above
            )

    def _has_ids(self, name: str, known: Iterable[str]) -> bool:
        """Whether another property has the ids of what one shows."""
        stem = names.snake(name)
        ids = {f"{stem}_id", f"{language.singular(stem)}_ids"}
        return not ids.isdisjoint(map(names.snake, known))

    def _target(self, name: str, shape: Shape, one: Collection) -> Collection | None:
        """Return what a property refers to, by the schema or the name that it has."""
        is_list = shape.type == "array"
        inner = self._api.document.shape(shape.words.get("items")) if is_list else shape
        for called in inner.names:
            if inner.type == "object" and (found := self._of_shape(called)):
                return found
        stem = re.sub(r"_(id|uuid)s?\Z", "", name)
        if inner.type not in ("string", "integer") or stem == name:
            return None
        beside = {names.snake(each): schema for each, schema in one.shown.properties.items()}
        for called in (f"{stem}s", stem) if is_list else (stem,):
            if called in beside and called != name:
                return self._target("", self._api.document.shape(beside[called]), one)
        return self._by_name.get(stem)

    def _of_shape(self, called: str) -> Collection | None:
        stem = OF_ANSWERS.sub("", names.snake(called))
        return self._by_shape.get(called) or self._by_name.get(stem)

    def _column(self, name: str, shape: Shape, one: Collection) -> Column:
        """Return a column, with what clients may do with it."""
        words, required = set[str](), (one.sent if one.sent.properties else one.shown).required
        if one.sent.properties and name != "id":
            is_sent = name in one.sent.properties
            is_changed = name in one.changed.properties
            if shape.words.get("readOnly") or not (is_sent or is_changed):
                words.add("read_only")
            elif shape.words.get("writeOnly") or name not in one.shown.properties:
                words.add("write_only")
            if is_sent and one.changed.properties and not is_changed:
                words.add("create_only")
        is_optional = shape.nullable or name not in required or "read_only" in words
        where = f"{one.segment}.{name}"
        default = _literal(shape.words.get("default"))
        kind = sa.Uuid() if name == "id" and shape.type != "integer" else self._type(shape, where)
        return Column(name, kind, is_optional, default, False, None, tuple(sorted(words)))

    def _type(self, shape: Shape, where: str) -> TypeEngine[Any]:
        words = shape.words
        values = [one for one in listing(words.get("enum")) if one is not None]
        if values and all(isinstance(one, str) for one in values):
            return sa.Enum(*values)
        if shape.type == "number" and ("multipleOf" in words or words.get("format") == "decimal"):
            return _decimal(words)
        if shape.type in TYPES:
            return sa.BigInteger() if words.get("format") == "int64" else TYPES[shape.type]
        if shape.type != "string":
            return sa.types.NullType()
        kind = str(words.get("format") or _format_of(words))
        if kind in FORMATS:
            return FORMATS[kind]
        if words.get("format") in ("binary", "byte"):
            return sa.LargeBinary()
        if (longest := _number(words.get("maxLength"))) is None:
            is_long = names.snake(where.rpartition(".")[2]) in LONG_TEXTS
            self._api.notes.add(where, f"has no maxLength, and is {'text' if is_long else 'str'}")
            return sa.Text() if is_long else sa.String(USUAL_LENGTH)
        return sa.String(max(1, int(longest)))

    def _add(self, table: Table, column: Column, shape: Shape) -> None:
        """Add a column, and what bounds it has as the checks of a table."""
        table.columns[column.name] = column
        for word, operator in BOUNDS.items():
            bound = _number(shape.words.get(word))
            if bound is not None and not _is_usual(column, bound):
                # Before 3.1, a word of its own says that a bound is excluded.
                is_excluded = shape.words.get(f"exclusive{word.title()}") is True
                sign = operator[:1] if is_excluded else operator
                table.checks.append(f"{column.name} {sign} {bound:f}")
        if re.match(r"unique\b", str(shape.words.get("description", "")), re.IGNORECASE):
            table.uniques.append((column.name,))

    def _refer(self, table: Table, column: Column, target: Collection) -> None:
        table.columns[column.name] = column
        table.foreign.append(ForeignKey((column.name,), target.segment, None))


def _linking(table: Table, name: str, target: Collection) -> Table:
    """Return the table that would link two others."""
    one = f"{language.singular(names.snake(table.name))}_id"
    stem = language.singular(re.sub(r"_ids\Z", "s", names.snake(name)))
    other = f"{stem}_id" if f"{stem}_id" != one else f"linked_{stem}_id"
    columns = {each: Column(each, sa.Uuid(), False, None, False, None) for each in (one, other)}
    keys = [ForeignKey((one,), table.name, None), ForeignKey((other,), target.segment, None)]
    return Table(f"{table.name}_{name}", None, columns, (one, other), keys, [], [], [])


def _number(given: Any) -> Decimal | None:
    """Return a number without zeros that say nothing."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    number = Decimal(str(given))
    return Decimal(int(number)) if number == int(number) else number


def _is_usual(column: Column, bound: Decimal) -> bool:
    """Whether a bound only says how many digits there are."""
    kind = column.type
    if isinstance(kind, sa.Integer):
        return bound in (MOST, -MOST - 1)
    return isinstance(kind, sa.Numeric) and set(str(abs(bound))) <= {"9", "."}


def _decimal(words: dict[str, Any]) -> TypeEngine[Any]:
    """Return the type of an exact number: its digits are those of its greatest value."""
    step = _number(words.get("multipleOf")) or Decimal("0.01")
    places = max(0, -int(step.as_tuple().exponent))
    nines = re.fullmatch(r"(9+)(?:\.9+)?", str(_number(words.get("maximum"))))
    return sa.Numeric(len(nines[1]) + places if nines else MOST_DIGITS, places)


def _format_of(words: dict[str, Any]) -> str:
    """Return the format of a text that only has an example, or nothing."""
    given = [*listing(words.get("examples")), words.get("example")]
    example = str(given[0])
    return next((name for name, form in EXAMPLES.items() if form.fullmatch(example)), "")


def _literal(default: Any) -> str | None:
    """Return a default as SQL writes it."""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, str):
        escaped = default.replace("'", "''")
        return f"'{escaped}'"
    return str(default) if isinstance(default, int | float) else None
