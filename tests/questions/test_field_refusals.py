"""A bad field is refused in one sentence that names it, and says what to mend."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from tests.questions.libraries import library

TYPES = (
    "str, text, email, url, int, float, decimal, bool, date, datetime, time, duration, uuid, enum, "
    "json, ref, ref(user), many, list, number, slug, file"
)
CHARACTERS = "has other characters than Latin letters, digits, blanks and .,:;!?%&()/+*#@_=~|^[]-"
NAMES = "write it in lower-case letters (a to z), digits and single underscores, such as"
MANY = ", ".join(f"v{number}" for number in range(51))

SHORT_FORMS = {
    "": f"has no type; use one of {TYPES}.",
    "decmal": f'has the unknown type "decmal", perhaps decimal; use one of {TYPES}.',
    "String": 'has the unknown type "String", perhaps str; use one of ',
    "5x": f'has the unknown type "5x"; use one of {TYPES}.',
    "str(0)": 'has "0" as its length; write a whole number from 1 to 2000, or use text.',
    "str(5000)": 'has "5000" as its length; write a whole number from 1 to 2000, or use text.',
    "str()": "has wrong arguments; str takes its length, such as str(200).",
    "str(1,2)": "has wrong arguments; str takes its length, such as str(200).",
    "text(100001)": 'has "100001" as its length; write a whole number from 1 to 100000.',
    "int(5)": "has arguments, which int does not take; write int without brackets.",
    "decimal(10)": "has wrong arguments; decimal takes its digits and its places, such as ",
    "decimal(2,10)": "has 10 places of 2 digits; write fewer places than digits, such as ",
    "decimal(40,2)": 'has "40" as its digits; write from 2 to 15, as more are not exact on every ',
    "decimal(10,0)": 'has "0" as its places; write at least 1 and fewer than the digits, such as ',
    "enum": "lacks arguments; enum takes its values, such as enum(draft, sent, paid).",
    "enum()": "has wrong arguments; enum takes its values, such as enum(draft, sent, paid).",
    "enum(a, a)": 'has "a" twice, as both would be called A in Python; leave one out.',
    "enum(in-use, in_use)": 'has "in_use" twice, as both would be called IN_USE in Python; leave ',
    "enum(A+, a plus)": 'has "a plus" twice, as both would be called A_PLUS in Python; leave one ',
    "enum(1st, value-1st)": 'has "value-1st" twice, as both would be called VALUE_1ST in Python; ',
    "enum(a  b)": 'has the value "a b"; write at most 50 letters, digits, single blanks and ._/+&',
    "enum(a++++++++++++)": 'has the value "a++++++++++++"; write at most 50 letters, digits, ',
    "enum(-a)": 'has the value "-a"; write at most 50 letters, digits, single blanks and ._/+&',
    "enum(0.0.0.0)": 'has the value "0.0.0.0", which is an address or a folder of which linters ',
    f"enum({MANY})": "has 51 values; write at most 50.",
    "ref": "lacks arguments; ref takes the name of a resource, such as ref(customer).",
    "ref(a, b)": "has wrong arguments; ref takes the name of a resource, such as ref(customer).",
    "list": "lacks arguments; list takes the type of its values, and the length of texts, such as ",
    "list(str, 4, 5)": "has wrong arguments; list takes the type of its values, and the length of ",
    "list(json)": 'is a list of "json"; write one of str, int, date, uuid, email, url, such as li',
    "list(int, 4)": "has a length, which only texts have; write list(int).",
    "list(str, 256)": 'has "256" as its length; write a whole number from 1 to 255.',
    "list(str) max=0": 'has "0" as its max; write a whole number from 1 to 1000.',
    "many": "lacks arguments; many takes the name of a resource, such as many(tag).",
    "many(a, b)": "has wrong arguments; many takes the name of a resource, such as many(tag).",
    "str uniqe": 'has the unknown word "uniqe"; use unique.',
    "str null": 'has the unknown word "null"; use optional, unique, index, search, mi',
    "str optional=true": 'has "optional=true"; write optional alone, or leave it out.',
    "str unique unique": "has unique twice; leave one out.",
    "str default=x": 'has the word "default=x"; write the default at the end, such as "decimal',
    "str (40)": 'has a blank before "(40)"; write the brackets right after the type, such as ',
    "int min = 0": "has min without a value; write it without blanks, such as min=0.",
    "int min=0 min=1": "has min twice; leave one out.",
    "str =": "has = without a default; write one, or leave = out.",
    "str=x": 'is "str=x", which cannot be read; write a type, words and a default, such as ',
    "str = x\ny": 'is "str = x?y", which cannot be read; write a type, words and a default, ',
    "str(40": 'is "str(40", in which a bracket is open; close it, and within { } put the field ',
    "x" * 2501: "has 2501 characters; shorten it to at most 2500.",
}
WORDS = {
    "int unique min=1 max=9": "is unique and has only 9 values, so that there could be only few ",
    "many(one) optional": "is of the type many, which cannot be optional, as it can be empty; ",
    "many(one) unique": "is of the type many, which cannot be unique; leave unique out.",
    "many(one) on_delete=cascade": "is of the type many, which cannot have on_delete; leave on_del",
    "str = 0.0.0.0": 'has the default "0.0.0.0", which is an address or a folder of which linters ',
    "str = /dev/shm/x": 'has the default "/dev/shm/x", which is an address or a folder of which ',
    "str unique index": "has an index already, as what is unique or refers to something has; ",
    "ref(one) index": "has an index already, as what is unique or refers to something has; ",
    "str unique = x": "is unique and has a default, which only one row could have; leave one of ",
    "str(256) unique": "has 256 characters, which is too long for unique; write str(255) or less.",
    "str(256) index": "has 256 characters, which is too long for index; write str(255) or less.",
    "list(int) optional": "is of the type list, which cannot be optional, as it can be empty; ",
    "list(int) unique": "is of the type list, which cannot be unique; leave unique out.",
    "list(int) min=1": "is of the type list, which cannot have min; leave min out.",
    "list(int) = 1": "is of the type list, which cannot have a default; leave default out.",
    "text unique": "is of the type text, which cannot be unique; leave unique out.",
    "decimal unique": "is of the type decimal, which cannot be unique; leave unique out.",
    "url index": "is of the type url, which cannot have an index; leave index out.",
    "str min=1": "is of the type str, which cannot have min; leave min out.",
    "int on_delete=cascade": "is of the type int, which cannot have on_delete; leave on_delete ",
    "date = 2026-01-01": "is of the type date, which cannot have a default; make it optional.",
    "json = x": "is of the type json, which cannot have a default; make it optional.",
    "int filter=name": "is of the type int, which cannot be filtered by fields of something else; ",
    "int include": "is of the type int, which cannot be included, as it refers to nothing; leave ",
    "int nested": "is of the type int, which cannot be nested, as it refers to nothing; leave ",
    "ref(one) filter": "has filter without a value; write it without blanks, such as filter=name.",
    "ref(one) on_delete=casc": 'has "casc" as on_delete; write restrict, cascade or set_null.',
    "ref(one) on_delete=set_null": "is set to null when its target is deleted, but must have a ",
    "str read_only": "is read_only, so no client can give it a value; make it optional, or ",
    "str optional read_only create_only": "is read_only and create_only, but nobody sends what ",
    "str optional read_only write_only": "is read_only and write_only, but nobody sends what only ",
    "str unique write_only": "is write_only and has unique, but a refusal would tell who has a ",
    "text search write_only": "is write_only and has search, but a list would tell what it found",
    "email search": "is of the type email, which cannot be searched; leave search out.",
    "int index write_only": "is write_only and has index, but no list is sorted by what nobody ",
    "ref(one) write_only": "is write_only, but what it refers to is shown, or has a list that ",
    "ref(user)": "is a user whom a client chooses, and whose account would take the row along; say",
    "ref(user) read_only on_delete=restrict": "has on_delete=restrict, but nobody's account is kep",
    "ref(user) read_only on_delete=set_null": "is set to null when its target is deleted, but must",
    "ref(user) unique on_delete=cascade": "is unique, so that each user could have one row only; ",
    "ref(user) optional unique read_only": "is unique, so that each user could have one row only; ",
    "ref(user) optional index": "has an index already, as what is unique or refers to something ha",
    "ref(user) optional write_only": "is write_only, but what it refers to is shown, or has a list",
    "ref(user) optional = x": "is of the type ref(user), which cannot have a default; make it opti",
    "many(user)": 'refers to "user", which is no resource; ',
    "many(one) read_only": "is of the type many, which cannot have read_only; leave read_only out.",
    "many(one) create_only": "is of the type many, which cannot have create_only; leave create_",
    "many(one) write_only": "is of the type many, which cannot have write_only; leave write_only ",
    "str write_only=true": 'has "write_only=true"; write write_only alone, or leave it out.',
    "str readonly": 'has the unknown word "readonly"; use read_only.',
}
VALUES = {
    "int min=a": 'has "a" as its min, which is no whole number of 32 bits; write one that fits.',
    "int max=99999999999": 'has "99999999999" as its max, which is no whole number of 32 bits; ',
    "int min=5 max=3": "has a min of 5 and a max of 3; write a max that is not less.",
    "decimal(4,2) min=100": 'has "100" as its min, which is no number with at most 2 digits ',
    "float min=nan": 'has "nan" as its min, which is no number such as 1.5; write one that fits.',
    "int = 1.5": 'has the default "1.5", which is no whole number of 32 bits; write one that ',
    "int min=5 = 3": 'has the default "3", which is less than 5; write one that fits, or leave it ',
    "int max=5 = 9": 'has the default "9", which is more than 5; write one that fits, or leave it ',
    "decimal(4,2) = 1.234": 'has the default "1.234", which is no number with at most 2 digits ',
    "decimal min=0 = -1": 'has the default "-1", which is less than 0; write one that fits, or ',
    "bool = yes": 'has the default "yes", which is neither true nor false; write one that fits, ',
    "enum(a, b) = c": 'has the default "c", which is not one of its values; write one that fits, ',
    "str(3) = abcd": 'has the default "abcd", which is longer than 3 characters; write one that ',
    'str = say "x"': f'has the default "say "x"", which {CHARACTERS}; write one that fits, or ',
    "str = {{ x }}": f'has the default "{{{{ x }}}}", which {CHARACTERS}; write one that fits, or ',
    "str = x\\": f'has the default "x\\", which {CHARACTERS}; write one that fits, or leave it ',
    "str = a\u200bb": f'has the default "a?b", which {CHARACTERS}; write one that fits, or leave ',
}
LONG_FORMS: list[tuple[Any, str]] = [
    (None, f"has no type; use one of {TYPES}."),
    (5, "is 5; write a text such as str(200), or a mapping with a type."),
    ([], "is a list; write a text such as str(200), or a mapping with a type."),
    ({}, f"has no type; use one of {TYPES}."),
    ({"type": 5}, f"has the unknown type 5; use one of {TYPES}."),
    ({"type": "str", "lenght": 5}, 'has the unknown key "lenght"; write length.'),
    ({"type": "str", 5: 1}, "has the unknown key 5; use one of type, length, digits, places, "),
    ({"type": "str", "length": True}, "has true as its length; write a whole number from 1 to "),
    ({"type": "str", "length": [1]}, "has a list as its length; write a text or a number, "),
    ({"type": "int", "min": 10**30}, "has a number as its min; write a text or a number, perhaps "),
    ({"type": "str", "write_only": "yes"}, 'has "yes" as write_only; write true or false.'),
    ({"type": "str", "unique": "yes"}, 'has "yes" as unique; write true, false or global.'),
    ({"type": "int", "length": 5}, "is of the type int, which cannot have length; leave length "),
    ({"type": "decimal", "digits": 5}, "has digits or places, but not both; write both, such as "),
    ({"type": "enum", "values": [True]}, "has values that are no list of texts; write them as "),
    ({"type": "enum", "values": []}, "has no values; write them, such as enum(draft, sent, paid)."),
    (
        {"type": "list"},
        "does not say what it is a list of; write one of str, int, date, uuid, email",
    ),
    ({"type": "int", "of": "str"}, "is of the type int, which cannot have of; leave of out."),
    ({"type": "ref"}, "refers to nothing; write the name of a resource, such as ref(customer)."),
    (
        {"type": "ref", "to": "x", "filter": "y"},
        "has a filter that is no list of names; write the ",
    ),
    (
        {"type": "ref", "to": "x", "filter": [1]},
        "has a filter that is no list of names; write the ",
    ),
    ({"type": "date", "example": datetime.date(2026, 1, 1)}, "has a date as its example; write a "),
    ({"type": "date", "example": "2026-02-30"}, 'has the example "2026-02-30", which is no date '),
    ({"type": "datetime", "example": "now"}, 'has the example "now", which is no date and time '),
    ({"type": "time", "example": "24:00"}, 'has the example "24:00", which is no time of day '),
    ({"type": "duration", "example": "90"}, 'has the example "90", which is no duration such as '),
    ({"type": "email", "example": "Ada"}, 'has the example "Ada", which is no e-mail address in '),
    ({"type": "url", "example": "x.com"}, 'has the example "x.com", which is no address such as '),
    ({"type": "uuid", "example": "x"}, 'has the example "x", which is no UUID in lower case; '),
    ({"type": "json", "example": "x"}, "is of the type json, which cannot have an example; leave "),
    ({"type": "str", "example": " x"}, 'has the example " x", which has blanks around it; write '),
]
FIELD_NAMES: list[tuple[Any, str]] = [
    ("Total", f'"Total" cannot be the name of a field of invoice; {NAMES} total.'),
    ("due date", f'"due date" cannot be the name of a field of invoice; {NAMES} due_date.'),
    ("a__b", f'"a__b" cannot be the name of a field of invoice; {NAMES} a_b.'),
    ("größe", f'"größe" cannot be the name of a field of invoice; {NAMES} gr_e.'),
    ("x" * 31, "is too long for the name of a field of invoice; shorten it from 31 to at most 30 "),
    ("x" * 28, "is too long for a line of code with both names; shorten it from 28 to at most 27 "),
    (False, "The name of a field of invoice is a truth value: YAML reads yes, no, on and off so; "),
    (5, "The name of a field of invoice is 5, which is no text; write a name such as line_item, "),
    ("class", "invoice.class is called like a word of Python; choose another name, such as "),
    ("date", "invoice.date is called like a type of Python; call it by what it means, such as "),
    ("created_at", "invoice.created_at cannot be, as every resource has something called created"),
    (
        "copy",
        "invoice.copy cannot be, as every resource has something called copy; choose another ",
    ),
    (
        "model_name",
        "invoice.model_name cannot begin with model_, which Pydantic keeps for itself; ",
    ),
    ("total", "invoice.total cannot be, as every list has a parameter total; choose another name"),
    ("xmin", "invoice.xmin is called like a column that PostgreSQL has in each table; choose "),
    ("l", '"l" cannot be the name of a field of invoice, as it looks like a one; write it out.'),
    (
        "passwrd_old",
        "invoice.passwrd_old looks like a secret, and whoever reads invoices would see",
    ),
    ("api_token", "invoice.api_token looks like a secret, and whoever reads invoices would see it"),
]
DESCRIPTIONS: list[tuple[Any, str]] = [
    (5, "is 5, which is no text; write one short sentence."),
    (" ", 'is " ", which is blank; write one short sentence.'),
    ('Say "x"', f'is "Say "x"", which {CHARACTERS}; write one short sentence.'),
    ("two\nlines", f'is "two?lines", which {CHARACTERS}; write one short sentence.'),
    ("x" * 73, "is longer than 72 characters; write one short sentence."),
]


def refusal(form: Any, name: Any = "one") -> str:
    resources = [
        {"name": "invoice", "fields": {name: form} | ({"one": "str"} if name == "two" else {})},
        {"name": "one", "fields": {"title": "str"}},
    ]
    found: str = library("resources").refusal(resources)
    return found


@pytest.mark.parametrize(("form", "sentence"), (SHORT_FORMS | WORDS | VALUES).items(), ids=ascii)
def test_a_bad_short_form_is_refused(form: str, sentence: str) -> None:
    assert refusal(form).startswith(f"invoice.one {sentence}")


@pytest.mark.parametrize(("form", "sentence"), LONG_FORMS, ids=ascii)
def test_a_bad_long_form_is_refused(form: Any, sentence: str) -> None:
    assert refusal(form).startswith(f"invoice.one {sentence}")


@pytest.mark.parametrize(("name", "sentence"), FIELD_NAMES, ids=ascii)
def test_a_bad_name_of_a_field_is_refused(name: Any, sentence: str) -> None:
    assert sentence in refusal("str", name)


def test_a_secret_is_none_though_nobody_reads_it() -> None:
    told = refusal("str write_only", "api_token")
    assert told.startswith("invoice.api_token looks like a secret, and its table would hold it as ")


@pytest.mark.parametrize(("description", "sentence"), DESCRIPTIONS, ids=ascii)
def test_a_bad_description_is_refused(description: Any, sentence: str) -> None:
    told = refusal({"type": "str", "description": description})
    assert told.startswith("The description of invoice.one is ")
    assert told.endswith(sentence)


@pytest.mark.parametrize(
    "form",
    [
        "ref(one)",
        "str(2000)",
        "enum(A, b-1)",
        "enum(In progress, 2nd, v1.0, R&D)",
        "str = it: 100% #1 [ü]",
        "str create_only write_only = a",
        "ref(one) optional read_only",
        "ref(user) read_only",
        "ref(user) optional unique create_only",
        "ref(user) on_delete=cascade",
        "date unique create_only",
        "list(str) read_only",
        "list(email) max=1000 write_only create_only",
    ],
)
def test_a_good_field_is_not_refused(form: str) -> None:
    assert refusal(form, "two") == ""


def test_what_is_filtered_by_bounds_only_may_be_called_like_a_parameter() -> None:
    assert refusal("decimal(10,2) min=0", "total") == ""


def test_a_reference_may_be_called_like_a_word_of_sql() -> None:
    assert refusal("ref(one)", "order") == ""
