"""Defaults and checks are read as far as the language can say them."""

from __future__ import annotations

import pytest

from importer.expressions import Said, check, literal
from importer.names import snake

DEFAULTS = {
    "'draft'::character varying": "draft",
    "(4.99)::numeric": "4.99",
    "'it''s'": "it's",
    "'-1'::integer": "-1",
    "((0))": "0",
    "b'1'": "1",
    "true": "true",
    "''": "",
    "nextval('film_id_seq'::regclass)": None,
    "current_timestamp()": None,
    "1 + 1": None,
}
AMONG = Said(values={"kind": ["a", "b c"]})
CHECKS = {
    "low > 0": Said(bounds={"low": {"min excluded": "0"}}),
    "((low >= (0)::numeric) AND (low < 10))": Said(
        bounds={"low": {"min": "0", "max excluded": "10"}}
    ),
    "`low` between 1 and 5": Said(bounds={"low": {"min": "1", "max": "5"}}),
    "0 <= [low]": Said(bounds={"low": {"min": "0"}}),
    '"low" < "high"': Said(compared=[("low", "<", "high")]),
    "(low)::integer > -1 and high>1": Said(
        bounds={"low": {"min excluded": "-1"}, "high": {"min excluded": "1"}}
    ),
    "kind IN ('a','b c')": AMONG,
    "`kind` in ('a','b c')": AMONG,
    "((kind)::text = ANY ((ARRAY['a'::character varying, 'b c'::text])::text[]))": AMONG,
    "kind::text = ANY (ARRAY['a'::text, 'b c'::text])": AMONG,
    "json_valid(`doc`)": Said(documents={"doc"}),
    "length(name) > 2": None,
    "low > 0 or high > 0": None,
    "low <> 3": None,
    "low > 0 AND length(name) > 2": None,
}
NAMES = {
    "CustomerID": "customer_id",
    "someURLValue": "some_url_value",
    "HTMLPage": "html_page",
    "order_details": "order_details",
    "Order Details": "order_details",
    "ORDERS": "orders",
    "année": "annee",
    "größe (cm)": "grosse_cm",
    "2nd": "n2nd",
    "名前": "n",
}


@pytest.mark.parametrize("sql", DEFAULTS)
def test_a_default_is_a_value_or_is_computed(sql: str) -> None:
    assert literal(sql) == DEFAULTS[sql]


@pytest.mark.parametrize("sql", CHECKS)
def test_a_check_is_understood_whole_or_not_at_all(sql: str) -> None:
    assert check(sql) == CHECKS[sql]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_in_snake_case(name: str) -> None:
    assert snake(name) == NAMES[name]
