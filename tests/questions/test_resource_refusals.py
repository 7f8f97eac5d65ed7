"""A bad list of resources is refused, a sentence for each mistake, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from copier import run_copy, run_recopy, run_update
from jinja2.exceptions import FilterArgumentError

from tests.questions.clone import commit_all, copy_template, git
from tests.questions.conftest import Ask, Copier
from tests.questions.libraries import library

NAMES = "write it in lower-case letters (a to z), digits and single underscores, such as"
PERSON = "{name: person, fields: {one: str}}"
SOFT = "{name: person, soft_delete: true, fields: {one: str}}"

MADE = "owned: false, fields: {two: str, one: ref(user) read_only}"
NOTE = "{name: note, owned: false, fields: {a: ref(task)}}"

SHAPES = {
    "5": 'The resources are 5; write a list such as "- name: line_item", or [] for none.',
    "": "The resources are nothing; write a list such as ",
    "{name: item}": "The resources are a mapping; write a list such as ",
    "[item]": 'Resource 1 is "item"; write a mapping with a name and fields.',
    "[{fields: {one: str}}]": 'Resource 1 has no name; give it one, such as "name: line_item".',
    "[{name: item}]": 'item has no fields; give it at least one, such as "name: str(120)".',
    "[{name: item, fields: {}}]": "item has no fields; give it at least one, such as ",
    "[{name: item, fields: [one]}]": "item has a list as its fields; write a mapping of names to ",
    "[{name: item, feilds: {}}]": 'item has the unknown key "feilds"; write fields.',
    "[{name: item, 5: x}]": "item has the unknown key 5; use one of name, plural, description, ",
    "[{name: item, fields: {one: number}}]": "item.one lacks arguments; number takes its ",
    "[{name: item, fields: {one: 'number(INV)'}}]": (
        'item.one has the pattern "INV", in which {seq} stands 0 times; write it once, such as '
    ),
    "[{name: item, fields: {one: 'number({seq}-{seq:3})'}}]": (
        'item.one has the pattern "{seq}-{seq:3}", in which {seq} stands 2 times; write it once, '
    ),
    "[{name: item, fields: {one: 'number({seq:0})'}}]": (
        "item.one has {seq:0} in its pattern; write from 1 to 12 digits, such as {seq:5}."
    ),
    "[{name: item, fields: {one: 'number({month}-{seq})'}}]": (
        'item.one has the pattern "{month}-{seq}"; write at most 30 letters, digits and ._/- '
    ),
    "[{name: item, fields: {one: 'number({year}{seq})'}}]": (
        'item.one has the pattern "{year}{seq}", in which digits meet; put a sign between them, '
    ),
    "[{name: item, fields: {one: 'number({seq}) unique=global'}}]": (
        "item.one is counted for each owner, who have the same numbers; leave unique=global out."
    ),
    "[{name: item, fields: {one: 'number({seq}) optional'}}]": (
        "item.one is of the type number, which cannot be optional, as each row has one; leave "
    ),
    "[{name: item, fields: {one: slug}}]": "item.one lacks arguments; slug takes the name of ",
    "[{name: item, fields: {one: {type: slug}}}]": (
        "item.one has no source; write the name of a field, such as slug(title)."
    ),
    "[{name: item, fields: {title: str, one: slug(titel)}}]": (
        'item.one is made of "titel", which is no field of item; write title.'
    ),
    "[{name: item, fields: {title: text, one: slug(title)}}]": (
        "item.one is made of title, which is of the type text; use a str."
    ),
    "[{name: item, fields: {one: slug(one)}}]": (
        "item.one is made of one, which is of the type slug; use a str."
    ),
    "[{name: item, fields: {title: str optional, one: slug(title)}}]": (
        "item.one is made of title, which a row may lack; make that required, or use "
    ),
    "[{name: item, fields: {title: str write_only, one: slug(title)}}]": (
        "item.one is made of title, which is write_only, and would show it; use another "
    ),
    "[{name: item, fields: {title: str, one: slug(title), two: slug(title)}}]": (
        "item.two is a second slug; leave it out, as one is one already."
    ),
    "[{name: item, fields: {title: str, one: slug(title) optional}}]": (
        "item.one is of the type slug, which cannot be optional, as each row has one; leave "
    ),
    "[{name: item, fields: {title: str, one: slug(title) = a}}]": (
        "item.one is of the type slug, which cannot have a default; leave default out."
    ),
    "[{name: item, fields: {title: str, one: slug(title)}, unique: [[title, one]]}]": (
        "item.one is of the type slug, which cannot be unique together with others; leave it "
    ),
    "[{name: item, address: slugs, fields: {title: str, slug: slug(title)}}]": (
        'item has "slugs" as address, which is no field of it; write slug.'
    ),
    "[{name: item, address: [slug], fields: {title: str, slug: slug(title)}}]": (
        "item has a list as address, which is no field of it; use title, slug."
    ),
    "[{name: item, address: one, fields: {one: email unique}}]": (
        "item.one is of the type email, which is no address; use a slug, a number or a str that "
    ),
    "[{name: item, address: one, fields: {one: str(40)}}]": (
        "item.one is no address, as several rows can have the same; write unique."
    ),
    "[{name: item, address: one, unique: [[one, two]], fields: {one: str(40), two: int}}]": (
        "item.one is no address, as several rows can have the same; write unique."
    ),
    "[{name: item, address: one, fields: {one: str(40) unique optional}}]": (
        "item.one is no address, as a row may lack it; make it required."
    ),
    "[{name: item, address: one, fields: {one: str unique}}]": (
        "item.one is no address, as a path has at most 100 characters of it; write how many, such "
    ),
    "[{name: item, address: one, table: Item, fields: {one: str(40) unique}}]": (
        "item.one is no address, as rows of Item may have any; leave address out, or leave table "
    ),
    "[{name: it, address: so, fields: {so: {type: str, length: 9, unique: true, example: a b}}}]": (
        'it.so is no address, as "a b" is none; write letters, digits and ._~- alone, such as '
    ),
    "[{name: it, address: so, fields: {so: {type: str, length: 9, unique: true, example: new}}}]": (
        'it.so is no address, as "new" is none; write letters, digits and ._~- alone, such as '
    ),
    "[{name: item, read: users, address: one, fields: {one: str(40) unique}}]": (
        "item.one is no address, as others read the rows too, and two owners can have the "
        "same; write unique=global."
    ),
    "[{name: item, address: one, fields: {title: str, one: 'number({year}/{seq})'}}]": (
        "item.one is no address, as a path cannot have its signs; begin it with a letter or "
    ),
    "[{name: item, address: slug, fields: {title: str, slug: slug(title)}},"
    " {name: other, plural: items_former_addresses, fields: {one: str}}]": (
        "item would keep former addresses in items_former_addresses, as something else is called"
    ),
    "[{name: item, address: one, fields: {title: str, one: 'number(-{seq})'}}]": (
        "item.one is no address, as a path cannot have its signs; begin it with a letter or "
    ),
    "[{name: item, read: users, address: one, fields: {title: str, one: slug(title)}}]": (
        "item.one is no address, as others read the rows too, and two owners can have the "
        "same; write unique=global."
    ),
    "[{name: item, read: users, address: one, fields: {title: str, one: 'number({seq})'}}]": (
        "item.one is no address, as others read the rows too, and two owners can have the "
        "same; use a slug that is unique=global."
    ),
    "[{name: item, fields: {one: file}}]": "item.one lacks arguments; file takes what it may be, ",
    "[{name: item, fields: {one: {type: file}}}]": (
        "item.one does not say what it may be; write content types, such as file(image/png, "
    ),
    "[{name: item, fields: {one: file(png)}}]": (
        'item.one has "png", which is no content type; write one in small letters, such as '
    ),
    "[{name: item, fields: {one: 'file(image/png, image/png)'}}]": (
        "item.one has a content type twice; leave one out."
    ),
    "[{name: item, fields: {one: file(image/png) max=5}}]": (
        'item.one has "5" as its max; write up to three digits and kB, MB or GB, such as max=5MB.'
    ),
    "[{name: item, fields: {one: file(image/png) min=5kB}}]": (
        "item.one is of the type file, which cannot have min; leave min out."
    ),
    "[{name: item, fields: {one: file(image/png) create_only}}]": (
        "item.one is of the type file, which cannot have create_only; leave create_only out."
    ),
    "[{name: item, table: t, fields: {two: int, one: file(image/png)}}]": (
        "item.one is a file, which rows of t have not; leave it out, or leave table out."
    ),
    "[{name: item, fields: {two: int, things: file(image/png)}},"
    " {name: thing, fields: {item: ref(item), one: int}}]": (
        "item.things would have files called item_things, as something else is; give the field "
    ),
    "[{name: item, fields: {one: file(image/png)}}]": "item has only fields that no client can ",
    "[{name: item, id: serial}]": 'item has "serial" as id; write uuid or integer.',
    "[{name: item, id: [uuid]}]": "item has a list as id; write uuid or integer.",
    "[{name: item, owned: maybe}]": 'item has "maybe" as owned; write true or false.',
    "[{name: item, description: [x]}]": "The description of item is a list, which is no text; ",
}
RESOURCE_NAMES = {
    "LineItem": f'"LineItem" cannot be the name of resource 1; {NAMES} line_item.',
    "line-item": f'"line-item" cannot be the name of resource 1; {NAMES} line_item.',
    "item_2": f'"item_2" cannot be the name of resource 1; {NAMES} ',
    "no": "The name of resource 1 is a truth value: YAML reads yes, no, on and off so; put it in ",
    "2026-01-01": "The name of resource 1 is a date, which is no text; write a name such as line_",
    f"{'x' * 25}": "is too long for the name of resource 1; shorten it from 25 to at most 24 ",
    "class": "A resource cannot be called class, which is a word of Python; choose another name, ",
    "user": "A resource cannot be called user, as something of Python or of the project is; ",
    "decimal": "A resource cannot be called decimal, as something of Python or of the project is; ",
    "testimonial": "A resource cannot be called testimonial, as pytest takes what begins with ",
    "group": "group has the plural groups, which is a word of SQL and would be its table; give it ",
}
PLURALS = {
    "Lines": f'"Lines" cannot be the plural of line; {NAMES} lines.',
    "5": "The plural of line is 5, which is no text; write a name such as line_item, or put it in ",
    "users": "line has the plural users, as something of the project is called; give it ",
    "lambda": "line has the plural lambda, which is a word of Python; give it another, such as ",
}
SUMMARIES = {
    "5": "task has 5 as summary, which is no field of it; use ",
    "names": 'task has "names" as summary, which is no field of it; write name.',
    "[name]": "task has a list as summary, which is no field of it; use ",
    "details": "task.details is of the type json, which is no summary; choose a field of another ",
    "owed": "task.owed is of the type many, which is no summary; choose a field of another type, ",
    "pin": "task.pin is write_only, so that no summary can show it; choose another field, or ",
}
CHECKS = {
    "one > two": 'task has "one > two" as check; write a list of rules, such as "ends_at > start',
    "[5]": "task has the check 5, which is no rule; write one such as ",
    "[one]": 'task has the check "one", which is no rule; write one such as "ends_at > starts_at" ',
    "[one == two]": 'task has the check "one == two", in which == is no operator; use >, ',
    "[one > thre]": 'task has the check "one > thre", but thre is no field of it; write three.',
    "[one > one]": 'task has the check "one > one", which compares a field with itself; name two ',
    "[one > day]": 'task has the check "one > day", but one is of the type int and day of date; ',
    "[text > note]": 'task has the check "text > note", but fields of the type str are not ',
    "[one > two, two >= one]": (
        'task has the check "two >= one", but another one is about the same; leave one of the '
    ),
    "[one > two, two > three, three > one]": (
        "task has checks that lead in a circle, so that no row could keep them; leave out one "
    ),
    "[one > pin]": (
        'task has the check "one > pin", but pin is write_only, and a refusal would tell about it; '
    ),
    "[seen > one]": (
        'task has the check "seen > one", but seen is read_only, and no body could keep the rule; '
    ),
    "[low > high]": "task has checks for which the bounds and defaults of its numbers leave no ",
    "[note required if open]": 'task has the check "note required if open", which is no rule; ',
    "[note required if day = new]": (
        'task has the check "note required if day = new", but day is of the type date; a condition '
    ),
    "[note required if state = old]": (
        'task has the check "note required if state = old", but old is no value of state; use new, '
    ),
    "[text required if open = true]": (
        'task has the check "text required if open = true", but text always has a value; make it '
    ),
    "[other required if open = true]": (
        'task has the check "other required if open = true", but other is ref, which no rule '
    ),
    "[open required if open = true]": (
        'task has the check "open required if open = true", which requires a field because of '
    ),
    "[note required if state = new, note required if state = new]": (
        'task has the check "note required if state = new", but another one is about the same; '
    ),
}
NESTED = "ref(site) on_delete=cascade nested"
SITE = "{name: site, fields: {name: str, note: text}}"
REFERENCES = {
    "[{name: task, fields: {one: ref(user) read_only}}]": (
        "task has only fields that no client can change; give it one that is neither read_only, "
    ),
    "[{name: task, fields: {two: str, owner: ref(user) read_only}}]": (
        "task.owner cannot be, as every resource has something called owner_id; choose another "
    ),
    "[{name: task, fields: {one: ref(user) optional, one_id: int}}]": (
        "task.one and one_id would both have something called one_id; give one of the two another "
    ),
    f"[{{name: task, {MADE}}}, {NOTE}]": (
        "note.a would keep the account of a user with whom a task goes; use on_delete=cascade, or "
    ),
    f"[{{name: task, soft_delete: true, {MADE}}}, {NOTE}]": (
        "note.a would keep the account of a user with whom a task goes; leave out soft_delete of "
    ),
    f"[{{name: task, {MADE}}}, {{name: note, owned: false, fields: "
    "{a: ref(task) on_delete=cascade, b: ref(note) optional}}]": (
        "note.b would keep the account of a user with whom a note goes; use on_delete=cascade, or "
    ),
    "[{name: task, fields: {one: int create_only, two: int optional read_only}}]": (
        "task has only fields that no client can change; give it one that is neither read_only, "
    ),
    f"[{{name: task, fields: {{one: ref(persn)}}}}, {PERSON}]": (
        'task.one refers to "persn", which is no resource; write ref(person).'
    ),
    "[{name: task, fields: {one: ref(task)}}]": (
        "task.one refers to its own resource, so the first task could never be made; make it "
    ),
    f"[{{name: task, owned: false, fields: {{one: ref(person)}}}}, {PERSON}]": (
        "task.one lets what everybody shares refer to what somebody owns; make person shared "
    ),
    f"[{{name: task, fields: {{one: ref(person) on_delete=cascade}}}}, {SOFT}]": (
        "task.one has on_delete, but a deleted person is only marked as deleted; leave on_delete "
    ),
    f"[{{name: task, fields: {{one: 'ref(site) filter=nam'}}}}, {SITE}]": (
        'task.one has "nam" in filter, which is no field of site; write name.'
    ),
    f"[{{name: task, fields: {{one: 'ref(site) filter=name,'}}}}, {SITE}]": (
        'task.one has "" in filter, which is no field of site; use name, note.'
    ),
    f"[{{name: task, fields: {{one: 'ref(site) filter=note'}}}}, {SITE}]": (
        "task.one has note in filter, which is not found by an exact value; use a field that is "
    ),
    f"[{{name: task, fields: {{one: 'ref(site) filter=name,name'}}}}, {SITE}]": (
        "task.one has name twice in filter; leave one out."
    ),
    f"[{{name: task, fields: {{include: str, one: ref(site) include}}}}, {SITE}]": (
        "task.include cannot be called so beside a field with the word include, which needs the "
    ),
    f"[{{name: task, fields: {{included: str, one: ref(site) include}}}}, {SITE}]": (
        "task.included cannot be called so beside a field with the word include, which needs the "
    ),
    f"[{{name: task, fields: {{one: ref(site) nested}}}}, {SITE}]": (
        "task.one is nested, so it goes with its site; write on_delete=cascade, or leave nested "
    ),
    f"[{{name: task, fields: {{one: ref(person) nested}}}}, {SOFT}]": (
        "task.one is nested in person, which stays in the table when it is deleted; leave nested "
    ),
    "[{name: task, fields: {name: str, one: ref(task) optional on_delete=cascade nested}}]": (
        "task.one refers to its own resource, whose rows cannot be nested; leave nested out."
    ),
    f"[{{name: task, fields: {{one: {NESTED}, two: {NESTED}}}}}, {SITE}]": (
        "task.two is nested in site, as another field of task is; leave one nested out."
    ),
    f"[{{name: task, fields: {{one: {NESTED} optional read_only}}}}, {SITE}]": (
        "task.one is nested, which sets it, and read_only; leave one of the two out."
    ),
    f"[{{name: task, owned: false, write: admin, fields: {{one: {NESTED}}}}}, "
    "{name: site, owned: false, fields: {name: str}}]": (
        "task.one is nested in site, which not only administrators write; leave nested out."
    ),
    f"[{{name: name, plural: notes, fields: {{site: {NESTED}}}}}, "
    "{name: site, fields: {notes: text}}]": (
        "name.site is nested in site, which has something called notes; give one another name."
    ),
    "[{name: wheel, fields: {car: ref(car)}}, {name: car, fields: {wheel: ref(wheel) optional}}]": (
        "wheel, car and wheel again refer to each other in a circle, so none could be made first; "
    ),
}
TAG = "{name: tag, fields: {one: str}}"
LINKS = {
    f"[{{name: task, fields: {{one: str, tags: many(lag)}}}}, {TAG}]": (
        'task.tags refers to "lag", which is no resource; write many(tag).'
    ),
    f"[{{name: task, owned: false, fields: {{one: str, tags: many(tag)}}}}, {TAG}]": (
        "task.tags lets what everybody shares refer to what somebody owns; make tag shared "
    ),
    f"[{{name: task, fields: {{tags: many(tag)}}}}, {TAG}]": (
        'task has nothing of its own besides many; give it a field, such as "name: str(120)".'
    ),
    "[{name: task, fields: {one: str, tasks: many(task)}}]": (
        "task.tasks would link by two columns called task_id; give the field another name, such "
    ),
    f"[{{name: task, fields: {{one: str, owners: many(tag)}}}}, {TAG}]": (
        "task.owners cannot be, as every resource has something called owner_id; give the field "
    ),
    f"[{{name: current, plural: flows, fields: {{one: str, role: many(tag)}}}}, {TAG}]": (
        "current.role would have the table current_role, which is a word of SQL; give the field "
    ),
    f"[{{name: a{'b' * 20}, fields: {{one: str, c{'d' * 18}: many(tag)}}}}, {TAG}]": (
        f"a{'b' * 20}.c{'d' * 18} makes names that are too long for a database; shorten it, or its "
    ),
    f"[{{name: task, fields: {{one: str, tags: many(tag), tag: ref(tag)}}}}, {TAG}]": (
        "task.tag and tags would both have something called tag_id; give one of the two another "
    ),
    f"[{{name: task, fields: {{one: str, tags: many(tag), tag_ids: json}}}}, {TAG}]": (
        "task.tag_ids and tags would both have something called tag_ids; give one of the two "
    ),
    "[{name: task, fields: {one: str, tags: many(tag)}}, {name: tag, fields: {one: ref(task)}}]": (
        "task, tag and task again refer to each other in a circle, so none could be made first; "
        "make one of these references a plain uuid, or say a many at its other end."
    ),
    f"[{{name: task, fields: {{one: str, tags: many(tag)}}}}, {TAG}, "
    "{name: task_tag, fields: {one: str}}]": (
        "task.tags would have a list called task_tags, as something else is; give the field or a "
    ),
    "[{name: task, fields: {one: str, tags: many(tag)}}, "
    "{name: tag, fields: {one: str}}, {name: x, fields: {one: str}}, "
    "{name: tag_task, fields: {one: str}}]": (
        "task.tags would have a list called tag_tasks, as something else is; give the field or a "
    ),
}
UNIQUE = {
    "true": "task has true as unique; write a list of lists of fields, such as [[customer, ",
    "[one, two]": 'task has "one" in unique; write a list of lists of fields, such as ',
    "[[one]]": "task has a list of 1 in unique; name at least two fields, or write unique at the ",
    "[[one, one]]": "task has one twice in one list of unique; leave one out.",
    "[[one, thre]]": 'task has "thre" in unique, which is no field of it; write three.',
    "[[one, two], [two, one]]": "task has the same fields twice in unique; leave out one of the ",
    "[[one, three]]": "task.three is of the type text, which cannot be unique together with ",
    "[[one, four]]": "task.four is unique by itself, so it need not be so with others; leave it ",
    "[[one, five]]": "task.five has 256 characters, which is too long for unique; write str(255) ",
    "[[one, pin]]": "task.pin is write_only, but a refusal would tell who has a value; leave it ",
    "[[one, seen]]": "task.seen is read_only and has a default, which all rows would share; make ",
    "[[eight, ten]]": "task has a list in unique of which every field has few values only, so ",
    "[[eight, nine]]": "task has a list in unique of which every field has few values only, so ",
    "[[six, seven]]": "task has a list in unique that is 2152 bytes too long for an index; ",
}
CLASHES = {
    f"[{PERSON}, {PERSON}]": "Two resources are called person; give one of them another name.",
    f"[{PERSON}, {{name: people, fields: {{one: str}}}}]": (
        "person and people would both have something called people; give one of them another name "
    ),
    "[{name: data, fields: {one: str}}, {name: data_record, fields: {one: str}}]": (
        "data and data_record would both have something called data_record; give one of them "
    ),
    f"[{PERSON}, {{name: person_read, fields: {{one: str}}}}]": (
        "person_read would be the class PersonRead, which person has already; give one of them "
    ),
    f"[{PERSON}, {{name: person_task, fields: {{one: str}}}}, "
    "{name: task, fields: {person: ref(person)}}]": (
        "task.person would have a list called person_tasks, as something else is; give the field "
    ),
    f"[{PERSON}, {{name: task, fields: {{person: ref(person), person_id: uuid}}}}]": (
        "task.person and person_id would both have something called person_id; give one of the two "
    ),
    "[{name: task, fields: {title: str unique, title_key: str}}]": (
        "task.title and title_key would both have something called title_key; give one of the two "
    ),
}
KEPT = "name: part, table: Part, owned: false"
ADOPTED = {
    "[{name: part, table: 5, owned: false, fields: {one: str}}]": (
        "part has 5 as table; write what the database calls it, with a letter first, then letters, "
    ),
    "[{name: part, table: 'a\"b', owned: false, fields: {one: str}}]": 'part has "a"b" as table; ',
    f"[{{{KEPT}, id_column: é, fields: {{one: str}}}}]": 'part has "é" as id_column; write what ',
    f"[{{{KEPT}, fields: {{one: {{type: str, column: ' x'}}}}}}]": 'part.one has " x" as column; ',
    "[{name: part, fields: {one: str column=One}}]": (
        "part names columns or constraints of a table that is there, but no table; write table: an"
    ),
    "[{name: part, id_column: Number, fields: {one: str}}]": "part names columns or constraints o",
    "[{name: part, constraints: {a: [one]}, fields: {one: str}}]": "part names columns or constr",
    f"[{{{KEPT}, constraints: [one], fields: {{one: str}}}}]": (
        "part has a list as constraints; write names, each with a list of fields, or with a field "
    ),
    f"[{{{KEPT}, constraints: {{é: [one]}}, fields: {{one: str}}}}]": 'part has "é" as constraint',
    f"[{{{KEPT}, constraints: {{a: [two]}}, fields: {{one: str}}}}]": (
        'part has a constraint "a" of two; write a list of fields of part.'
    ),
    f"[{{{KEPT}, constraints: {{a: 5}}, fields: {{one: str}}}}]": 'part has a constraint "a" of 5',
    f"[{{{KEPT}, constraints: {{a: []}}, fields: {{one: str}}}}]": 'part has a constraint "a" of ',
    f"[{{{KEPT}, constraints: {{a: one}}, fields: {{one: str}}}}]": (
        'part has a constraint "a" of one, which is no ref of part; write a list of fields '
    ),
    "[{name: part, table: a.b, owned: false, fields: {one: str}}]": (
        'part has "a.b" as table; one with a dot in its name, or of another schema, cannot be kept.'
    ),
    f"[{{{KEPT}, fields: {{one: str index, two: int column=one_key}}}}]": (
        "part.two would be the column one_key, which something else is; name another by column."
    ),
    "[{name: part, table: Part, fields: {one: str}}]": (
        "part is kept in a table that is there, whose rows nobody owns; write owned: false."
    ),
    f"[{{{KEPT}, soft_delete: true, fields: {{one: str}}}}]": (
        "part is kept in a table that is there, which cannot have soft_delete; leave it out."
    ),
    f"[{{{KEPT}, check: [one > two], fields: {{one: int, two: int}}}}]": (
        "part is kept in a table that is there, which cannot have check; leave it out."
    ),
    f"[{{{KEPT}, unique: [[one, two]], fields: {{one: str, two: int}}}}]": (
        "part is kept in a table that is there, in which texts are unique by themselves alone; "
    ),
    f"[{{{KEPT}, fields: {{one: str, two: int column=One, three: int column=ONE}}}}]": (
        "part.two would be the column one, which something else is; name another by column."
    ),
    f"[{{{KEPT}, id_column: {'k' * 40}, fields: {{one: int column={'c' * 17}}}}}]": (
        "part.one has a column that has with the key 57 characters; 56 fit into a line of code."
    ),
    f"[{{{KEPT}, id_column: {'k' * 53}, fields: {{one: int column=x}}}}]": (
        "part has a table and a key with 57 characters together; 56 fit into a line of code."
    ),
    f"[{{{KEPT}, fields: {{one: int column=row_version}}}}]": "part.one would be the column row_",
    f"[{{{KEPT}, fields: {{one: str, parts: many(part)}}}}]": (
        "part.parts links rows of a table that is there, which many cannot; make a resource with "
    ),
    f"[{{{KEPT}, fields: {{one: str}}}}, {{name: kit, owned: false, "
    "fields: {one: str, parts: many(part)}}]": "kit.parts links rows of a table that is there, ",
    f"[{{{KEPT}, fields: {{one: str}}}}, {{name: kit, table: PART, owned: false, "
    "fields: {one: str}}]": "kit would be kept in the table PART, as part is; name another table.",
}
BAD_LISTS = SHAPES | REFERENCES | LINKS | CLASHES | ADOPTED
BAD = {"resources": [{"name": "order", "fields": {"list": "int"}}]}
SENTENCE = "order.list is called like a type of Python; call it by what it means, such as kind."


def refusal(answer: str) -> str:
    found: str = library("resources").refusal(yaml.safe_load(answer))
    return found


@pytest.mark.parametrize(("answer", "sentence"), BAD_LISTS.items(), ids=range(len(BAD_LISTS)))
def test_a_bad_list_is_refused(answer: str, sentence: str) -> None:
    assert refusal(answer).startswith(sentence)


@pytest.mark.parametrize(("name", "sentence"), RESOURCE_NAMES.items())
def test_a_bad_name_of_a_resource_is_refused(name: str, sentence: str) -> None:
    assert sentence in refusal(f"[{{name: {name}, fields: {{one: str}}}}]")


@pytest.mark.parametrize(("plural", "sentence"), PLURALS.items())
def test_a_bad_plural_is_refused(plural: str, sentence: str) -> None:
    assert refusal(f"[{{name: line, plural: {plural}}}]").startswith(sentence)


@pytest.mark.parametrize(("unique", "sentence"), UNIQUE.items())
def test_bad_uniqueness_over_fields_is_refused(unique: str, sentence: str) -> None:
    some = "one: str(20), two: int, three: text, four: str unique"
    others = "five: str(256), six: str, seven: str, eight: bool, nine: enum(a)"
    others += ", ten: int min=0 max=8, pin: int write_only, seen: int read_only = 1"
    answer = f"[{{name: task, unique: {unique}, fields: {{{some}, {others}}}}}]"
    assert refusal(answer).startswith(sentence)


@pytest.mark.parametrize(("check", "sentence"), CHECKS.items())
def test_a_bad_rule_over_fields_is_refused(check: str, sentence: str) -> None:
    some = "one: int, two: int, three: int, day: date, text: str, low: int max=3, high: int min=3"
    others = (
        "open: bool, state: 'enum(new, on-hold)', note: str optional, other: ref(task) optional, "
        "pin: int optional write_only, seen: int optional read_only"
    )
    answer = f"[{{name: task, check: {check}, fields: {{{some}, {others}}}}}]"
    assert refusal(answer).startswith(sentence)


@pytest.mark.parametrize(("summary", "sentence"), SUMMARIES.items())
def test_a_summary_that_shows_nothing_is_refused(summary: str, sentence: str) -> None:
    fields = "name: str, pin: str write_only, details: json, owed: many(task)"
    answer = f"[{{name: task, summary: {summary}, fields: {{{fields}}}}}]"
    assert refusal(answer).startswith(sentence)


def test_rules_that_can_be_kept_are_taken() -> None:
    checks = ["high > low", "low > least", "ratio <= share", "even >= odd"]
    numbers = {"low": "int max=4", "high": "int max=5", "least": "int min=-1"}
    shares = {"ratio": "float min=0 max=1", "share": "float min=0 max=1"}
    equal = {"even": "int = 2", "odd": "int = 2"}
    answer = [{"name": "task", "check": checks, "fields": numbers | shares | equal}]
    assert library("resources").refusal(answer) == ""


def test_names_that_are_too_long_for_a_constraint_are_refused() -> None:
    fields = {"x" * 29: "int", "y" * 29: "int"}
    answer = [{"name": "task", "unique": [list(fields)], "fields": fields}]
    told = library("resources").refusal(answer)
    assert told.startswith("task has a list in unique whose names are too long together for a ")
    check = [" > ".join(fields)]
    told = library("resources").refusal([{"name": "task", "check": check, "fields": fields}])
    assert told.endswith(
        "whose names are too long together for a database; shorten them by 9 characters."
    )


@pytest.mark.parametrize(
    ("count", "form", "sentence"),
    [
        (61, "int", "task has 61 fields; a resource can have at most 60."),
        (9, "url", "task has texts of 72468 bytes together, of which MySQL takes 65000 in a row; "),
        (50, "str(50)", "task has more short texts and references than a row of MySQL can hold; "),
    ],
)
def test_a_table_that_no_database_could_hold_is_refused(
    count: int, form: str, sentence: str
) -> None:
    answer = [{"name": "task", "fields": {f"field{number}": form for number in range(count)}}]
    assert library("resources").refusal(answer).startswith(sentence)


def test_a_table_has_at_most_sixty_indexes() -> None:
    fields = dict.fromkeys((f"field{number}" for number in range(60)), "int index")
    answer = [{"name": "task", "fields": fields, "unique": [["field1", "field2"]]}]
    assert library("resources").refusal(answer) == (
        "task has 61 indexes, counting what is unique and what refers to others; a table can have "
        "at most 60."
    )


def test_there_are_at_most_fifty_resources() -> None:
    answer = [{"name": f"task{number}", "fields": {"one": "int"}} for number in range(51)]
    assert library("resources").refusal(answer[:50]) == ""
    assert library("resources").refusal(answer) == (
        "The resources are 51; a project can have at most 50."
    )


def test_all_mistakes_are_told_in_one_run() -> None:
    answer = """[
        {name: LineItem, fields: {dueDate: date, size: strr, count: int}},
        {name: task, owned: maybe, description: [x], fields: {one: int min=5 max=3, two: str(0)}},
        {name: 5, fields: {one: strr}},
        {name: person, fields: {one: str, two: ref(persn), three: many(LineItem)}},
    ]"""
    told = refusal(answer).splitlines()
    assert [sentence.split(" has ")[0].split(";")[0] for sentence in told] == [
        '"LineItem" cannot be the name of resource 1',
        '"dueDate" cannot be the name of a field of LineItem',
        "LineItem.size",
        "task",
        "The description of task is a list, which is no text",
        "task.one",
        "task.two",
        "The name of resource 3 is 5, which is no text",
        'person.two refers to "persn", which is no resource',
    ]
    assert told[1].endswith("such as due_date.")


def test_many_mistakes_are_counted() -> None:
    fields = {f"field{number}": "strr" for number in range(23)}
    told = library("resources").refusal([{"name": "task", "fields": fields}]).splitlines()
    assert told[20:] == ["There are 3 more."]


def test_a_text_may_be_empty_by_default_and_a_line_may_not() -> None:
    assert refusal("[{name: task, fields: {one: 'text = \"\"'}}]") == ""
    assert refusal("[{name: task, fields: {one: {type: text, default: ''}}}]") == ""
    told = refusal("[{name: task, fields: {one: 'str = \"\"'}}]")
    assert told.startswith('task.one has the default "", which is blank;')


@pytest.mark.parametrize("answer", [[], [{"name": "news", "fields": {"one": "str"}}]])
def test_a_good_list_is_taken_as_it_is(ask: Ask, answer: list[dict[str, Any]]) -> None:
    assert ask(resources=answer)["resources"] == answer


def test_the_command_ends_with_the_sentence_and_writes_nothing(
    copier: Copier, tmp_path: Path, destination: Path
) -> None:
    (tmp_path / "answers.yml").write_text(yaml.safe_dump(BAD))
    done = copier("--defaults", "--data-file", str(tmp_path / "answers.yml"))
    assert done.returncode == 1
    assert done.stderr.endswith(f"Validation error for question 'resources': {SENTENCE}\n")
    assert not destination.exists()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of a template that was released, with no more than its answers."""
    template = copy_template(tmp_path / "template")
    for path in (template / "template").rglob("*"):
        if path.is_file() and "answers_file" not in path.name:
            path.unlink()
    commit_all(template, "1.0.0")
    run_copy(str(template), tmp_path / "project", defaults=True, quiet=True)
    commit_all(tmp_path / "project")
    return tmp_path / "project"


def test_an_update_refuses_bad_resources_and_changes_nothing(project: Path) -> None:
    with pytest.raises(ValueError, match=SENTENCE):
        run_update(project, BAD, defaults=True, quiet=True, overwrite=True)
    assert git(project, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("again", "error"), [(run_update, ValueError), (run_recopy, FilterArgumentError)]
)
def test_what_has_become_bad_is_refused_and_not_forgotten(
    project: Path, again: Callable[..., object], error: type[Exception]
) -> None:
    answers = project / ".copier-answers.yml"
    answers.write_text(answers.read_text().replace("price: decimal", "list: decimal"))
    commit_all(project)
    with pytest.raises(error, match=r": item\.list is called like a type of Python; call "):
        again(project, defaults=True, quiet=True, overwrite=True)
    assert git(project, "status", "--porcelain") == ""


def test_an_update_keeps_the_order_of_fields(project: Path) -> None:
    answers = project / ".copier-answers.yml"
    before = answers.read_text()
    run_update(project, {"license": "proprietary"}, defaults=True, quiet=True, overwrite=True)
    assert answers.read_text() == before.replace("license: MIT", "license: proprietary")
    fields = yaml.safe_load(before)["resources"][0]["fields"]
    assert list(fields) == ["name", "description", "price"]


def test_stored_resources_are_not_asked_for_again(project: Path) -> None:
    answers = project / ".copier-answers.yml"
    before = answers.read_text()
    stored = yaml.safe_load(before)
    others = {name: stored[name] for name in stored if name[0] != "_" and name != "resources"}
    run_recopy(project, others, quiet=True, overwrite=True)
    assert answers.read_text() == before
