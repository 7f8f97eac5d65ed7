"""Covering arrays cover, stay small, and keep to the constraints."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

from tests.support.covering import cover

VALUES: dict[str, tuple[Any, ...]] = dict.fromkeys("abcdef", (0, 1, 2))


def legal(row: dict[str, Any]) -> bool:
    return not (row.get("a") == 1 and row.get("b") == 2)


def anything(_: dict[str, Any]) -> bool:
    return True


def test_every_pair_is_shown() -> None:
    rows = cover(VALUES, 2, anything, [])
    for (x, y), (v, w) in product(combinations(VALUES, 2), product((0, 1, 2), repeat=2)):
        assert any(row[x] == v and row[y] == w for row in rows)


def test_it_is_far_smaller_than_the_product() -> None:
    assert len(cover(VALUES, 2, anything, [])) <= 20
    assert len(cover(VALUES, 3, anything, [])) <= 70


def test_no_row_breaks_a_constraint() -> None:
    rows = cover(VALUES, 2, legal, [])
    assert [row for row in rows if not legal(row)] == []


def test_a_tuple_that_no_row_can_show_is_left_out() -> None:
    rows = cover({"a": (0, 1), "b": (1, 2)}, 2, legal, [])
    assert {(row["a"], row["b"]) for row in rows} == {(0, 1), (0, 2), (1, 1)}


def test_rows_that_are_there_already_are_not_repeated() -> None:
    done = [{"a": 0, "b": 0}, {"b": 1, "a": 1}]
    rows = cover({"a": (0, 1), "b": (0, 1)}, 2, anything, done)
    assert sorted((row["a"], row["b"]) for row in rows) == [(0, 1), (1, 0)]


def test_the_same_values_give_the_same_rows() -> None:
    assert cover(VALUES, 3, legal, []) == cover(VALUES, 3, legal, [])
