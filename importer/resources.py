"""Tables as resources, and what of them the language cannot say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from importer import adopting, columns, names
from importer.columns import Field
from importer.expressions import Said, check
from importer.language import plural, plural_refusal
from importer.notes import Notes
from importer.reading import Column, Database, ForeignKey, Table

EVERY_ROW_HAS = ("created_at", "updated_at")
MOMENTS = (sa.DateTime, sa.Date)


@dataclass
class Resource:
    """A resource that is being made of a table.

    Attributes:
        called: The name of a field by that of its column.
    """

    name: str
    plural: str | None
    table: Table
    fields: dict[str, Field] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    unique: list[list[str]] = field(default_factory=list)
    check: list[str] = field(default_factory=list)


@dataclass
class Import:
    """What was made of a database, and sentences on what could not be said.

    Attributes:
        adopt: Whether the tables are to be kept as they are.
    """

    database: Database
    notes: Notes
    adopt: bool
    resources: dict[str, Resource] = field(default_factory=dict)

    def targets(self, name: str) -> set[str]:
        """Return the resources that one refers to, besides itself."""
        found = {one.get("to") for one in self.resources[name].fields.values()}
        return {one for one in found if one and one != name}

    def reaches(self, start: str, goal: str) -> bool:
        """Whether references lead from one resource to another."""
        known, left = set[str](), [start]
        while left:
            more = self.targets(left.pop()) - known
            known |= more
            left += more
        return goal in known


def from_database(database: Database, *, adopt: bool = False) -> Import:
    """Make resources of tables; those that only link two others become `many`.

    Args:
        database: What was read.
        adopt: Whether the tables are to be kept as they are, each as a resource.
    """
    made = Import(database, database.notes, adopt)
    links = [table for table in database.tables if not adopt and _is_link(table, database)]
    by_table: dict[str, Resource] = {}
    for table in database.tables:
        reason = adopting.reason_against(table, database.dialect) if adopt else None
        if reason:
            made.notes.add(table.name, reason)
        elif table not in links:
            by_table[table.name] = _named(table, made)
    for one in by_table.values():
        _fill(one, by_table, made)
    while empty := next((one for one in made.resources.values() if not one.fields), None):
        made.notes.add(empty.table.name, "has nothing besides its key, and is left out")
        del made.resources[empty.name]
        for other in made.resources.values():
            for name, each in list(other.fields.items()):
                if each.get("to") == empty.name:
                    _plain(other, name, "refers to what is left out", made)
    _without_circles(made)
    for table in links:
        _link(table, by_table, made)
    return made


def _is_link(table: Table, database: Database) -> bool:
    """Whether it says nothing but which rows of two tables belong together."""
    single = [key for key in table.foreign if len(key.columns) == 1]
    ends = {key.columns[0] for key in single}
    rest = [one for one in table.columns.values() if one.name not in ends]
    others = {one.name for one in database.tables} - {table.name}
    return (
        len(single) == len(ends) == len(table.foreign) == 2
        and set(table.primary) == ends
        and all(key.table in others for key in single)
        and all(one.default and isinstance(one.type, MOMENTS) for one in rest)
    )


def _named(table: Table, made: Import) -> Resource:
    taken = {
        name
        for one in made.resources.values()
        for name in (one.name, one.plural or plural(one.name))
    }
    name = names.resource(table.name, taken)
    usual = names.snake(table.name)
    many = f"{name}_list"[:26] if plural_refusal(name) else None
    if usual not in (name, plural(name)):
        made.notes.add(table.name, f"is called {name}")
    made.resources[name] = Resource(name, many, table)
    return made.resources[name]


def _fill(one: Resource, by_table: dict[str, Resource], made: Import) -> None:
    table = one.table
    references = _references(table, by_table, made)
    said = _said(table, made)
    key = _key(table, made)
    for column in table.columns.values():
        where = f"{table.name}.{column.name}"
        if column.name == key and column.name not in references:
            continue
        shown = column.name if made.adopt else names.snake(column.name)
        if shown in EVERY_ROW_HAS and isinstance(column.type, MOMENTS):
            made.notes.add(where, "is no field, as every resource has it anyway")
            continue
        if column.computed:
            made.notes.add(where, "is computed, and left out")
            continue
        _add(one, column, references.get(column.name), by_table, said, made)
    _add_uniques(one, made)
    for first, operator, second in said.compared:
        if first in one.called and second in one.called:
            one.check.append(f"{one.called[first]} {operator} {one.called[second]}")


def _key(table: Table, made: Import) -> str | None:
    """Return the column that the id of a resource stands for; a text stays a field."""
    if made.adopt:
        key = adopting.id_column(table)
        if key is None:
            made.notes.add(table.name, "has no key that can be an id, and gets one besides")
        return key
    if len(table.primary) == 1:
        column = table.columns[table.primary[0]]
        if columns.is_number(column) or isinstance(column.type, sa.Uuid):
            return column.name
        made.notes.add(
            f"{table.name}.{column.name}", "is a key that is a field; rows have an id besides"
        )
    elif table.primary:
        together = ", ".join(table.primary)
        made.notes.add(
            table.name, f"has the key {together}, which is unique together; rows have an id besides"
        )
    else:
        made.notes.add(table.name, "has no key; rows get an id")
    return None


def _references(table: Table, by_table: dict[str, Resource], made: Import) -> dict[str, ForeignKey]:
    """Return the foreign keys that can be `ref`, by their columns."""
    found: dict[str, ForeignKey] = {}
    for key in table.foreign:
        what = f"has a foreign key from {', '.join(key.columns)} to {key.table}"
        if len(key.columns) > 1:
            made.notes.add(table.name, f"{what}, of several columns, which are plain fields")
        elif key.table not in by_table:
            made.notes.add(table.name, f"{what}, which is no resource; it is a plain field")
        elif made.adopt and key.targets != (adopting.id_column(by_table[key.table].table),):
            made.notes.add(table.name, f"{what}, which has another id; it is a plain field")
        elif key.columns[0] in found:
            made.notes.add(table.name, f"{what}, and another; only the first is kept")
        else:
            found[key.columns[0]] = key
    return found


def _said(table: Table, made: Import) -> Said:
    """Return what all checks of a table say."""
    whole = Said()
    for sql in table.checks:
        one = check(sql)
        if one is None:
            made.notes.add(
                table.name, f"has the check {' '.join(sql.split())[:80]}, which is left out"
            )
            continue
        for name, bounds in one.bounds.items():
            whole.bounds.setdefault(name, {}).update(bounds)
        whole.values |= one.values
        whole.documents |= one.documents
        whole.compared += one.compared
    return whole


def _add(
    one: Resource,
    column: Column,
    key: ForeignKey | None,
    by_table: dict[str, Resource],
    said: Said,
    made: Import,
) -> None:
    """Add a field for a column."""
    table = one.table
    where = f"{table.name}.{column.name}"
    plain = {names.snake(name) for name in table.columns if name != column.name}
    taken = {*one.fields, *(f"{name}_id" for name, each in one.fields.items() if "to" in each)}
    is_unique = (column.name,) in table.uniques or table.primary == (column.name,)
    is_indexed = (column.name,) in table.indexes
    if key:
        target = by_table[key.table]
        name = names.reference(column.name, target.name, one.name, taken | plain)
        new: Field | None = _reference(column, key, one, target, made)
    else:
        name = names.field(column.name, one.name, taken)
        in_list = any(column.name in names_ for names_ in (*table.uniques, table.primary))
        new = columns.field(
            column,
            said,
            lambda text: made.notes.add(where, text),
            unique=in_list and not made.adopt,
        )
    if made.adopt:
        new = adopting.fit(new, column, made.database.dialect)
    if new is None:
        made.notes.add(where, f"is {_shown(column)}, which no field can be, and left out")
        return
    too_long = new["type"] == "text" or new.get("length", 0) > columns.LONGEST_KEY
    if is_unique and too_long and made.adopt:
        made.notes.add(where, "is unique in the database alone, as it is too long here")
    elif is_unique:
        new["unique"] = True
        new.pop("default", None)
    elif is_indexed and not key and not made.adopt:
        if too_long:
            made.notes.add(where, "has an index, which is left out")
        else:
            new["index"] = True
    one.fields[name] = new
    one.called[column.name] = name


def _reference(
    column: Column, key: ForeignKey, one: Resource, target: Resource, made: Import
) -> Field:
    new: Field = {"type": "ref", "to": target.name}
    if column.nullable:
        new["optional"] = True
    elif target is one:
        made.notes.add(
            f"{one.table.name}.{column.name}", "refers to its own table, and is optional"
        )
        new["optional"] = True
    rule = (key.on_delete or "").lower().replace(" ", "_")
    if rule == "cascade" or (rule == "set_null" and column.nullable):
        new["on_delete"] = rule
    return new | dict.fromkeys(column.words, True)


def _shown(column: Column) -> str:
    return "of an unknown type" if isinstance(column.type, sa.types.NullType) else str(column.type)


def _add_uniques(one: Resource, made: Import) -> None:
    """Add what is unique together, such as a key of several columns."""
    for group in dict.fromkeys([*one.table.uniques, one.table.primary]):
        if len(group) < 2:
            continue
        of = [one.fields[one.called[name]] for name in group if name in one.called]
        texts = made.adopt and any(each["type"] in ("str", "text") for each in of)
        if len(of) == len(group) and not texts:
            one.unique.append([one.called[name] for name in group])
        else:
            made.notes.add(
                one.table.name, f"has {', '.join(group)} unique together, which is left out"
            )
    for group in one.table.indexes:
        if len(group) > 1:
            made.notes.add(one.table.name, f"has an index by {', '.join(group)}, which is left out")


def _without_circles(made: Import) -> None:
    """Make plain fields of references that lead back, of those first that may be null."""
    for may_be_null in (True, False):
        for one in made.resources.values():
            for name, each in list(one.fields.items()):
                target = each.get("to")
                if target in (None, one.name) or bool(each.get("optional")) != may_be_null:
                    continue
                if made.reaches(target, one.name):
                    _plain(one, name, "closes a circle of references", made)


def _plain(one: Resource, name: str, reason: str, made: Import) -> None:
    """Make a plain field of a reference, under the name of its column."""
    former = one.fields[name]
    target = made.resources.get(former["to"])
    counted = made.adopt and target and adopting.identity(target.table).get("id")
    kind = "int" if counted else "uuid"
    kept = {key: value for key, value in former.items() if key in ("optional", "unique")}
    column = next(column for column, called in one.called.items() if called == name)
    one.fields = {
        (f"{name}_id" if each == name else each): (
            {"type": kind, **kept} if each == name else value
        )
        for each, value in one.fields.items()
    }
    one.called[column] = f"{name}_id"
    one.unique = [
        [f"{name}_id" if each == name else each for each in group] for group in one.unique
    ]
    made.notes.add(f"{one.table.name}.{column}", f"{reason}, and is a plain {kind}")


def _link(table: Table, by_table: dict[str, Resource], made: Import) -> None:
    """Make a field `many` of a table that links two others, at an end where no circle is closed."""
    ordered = sorted(table.foreign, key=lambda key: table.primary.index(key.columns[0]))
    ends = [by_table[key.table] for key in ordered if key.table in by_table]
    if len([end for end in ends if end.name in made.resources]) < len(ordered):
        made.notes.add(table.name, "links what is no resource, and is left out")
        return
    (one, other), key = ends, ordered[1]
    if one is not other and made.reaches(other.name, one.name):
        one, other, key = other, one, ordered[0]
    many = other.plural or plural(other.name)
    stem = names.reference(key.columns[0], other.name, one.name, [])
    wanted = many if stem == other.name else plural(stem)
    taken = {*one.fields, *(f"{name}_id" for name, each in one.fields.items() if "to" in each)}
    name = names.free([wanted, f"linked_{wanted}"], one.name, taken)
    one.fields[name] = {"type": "many", "to": other.name}
    made.notes.add(table.name, f"is the field {name} of {one.name}")
    for column in table.columns.values():
        if column.name not in table.primary:
            made.notes.add(f"{table.name}.{column.name}", "is left out, as links have no fields")


def answer(made: Import) -> list[dict[str, Any]]:
    """Return the resources as the answer has them, with fields in their long form."""
    found = []
    for one in made.resources.values():
        entry: dict[str, Any] = {"name": one.name}
        if made.adopt:
            entry |= adopting.identity(one.table)
            for column, name in one.called.items():
                one.fields[name]["column"] = column
        if one.plural:
            entry["plural"] = one.plural
        if one.table.comment:
            entry["description"] = " ".join(one.table.comment.split())
        entry["owned"] = False
        if one.unique:
            entry["unique"] = one.unique
        if one.check and not made.adopt:
            entry["check"] = one.check
        found.append({**entry, "fields": dict(one.fields)})
    return found
