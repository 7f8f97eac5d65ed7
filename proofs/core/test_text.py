"""Text that comes from outside."""

import re
import sys
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from app.core.fields.text import NOT_BLANK, PlainText, fold

TEXT: TypeAdapter[str] = TypeAdapter(Annotated[str, PlainText(100)])


@pytest.mark.parametrize("text", ["", "Größe", "a\r\nb", "\u202eabc", "😀", "a\x01b"])
def test_what_a_database_can_store_is_taken_as_it_is(text: str) -> None:
    assert TEXT.validate_python(text) == text


def test_spaces_around_a_text_are_taken_off() -> None:
    assert TEXT.validate_python(" \t Lamp \n") == "Lamp"


def test_what_is_taken_off_is_what_the_documentation_calls_blank() -> None:
    for point in (*range(1, 0xD800), *range(0xE000, 0x11000)):
        is_blank = TEXT.validate_python(chr(point)) == ""
        assert is_blank != bool(re.fullmatch(NOT_BLANK, chr(point))), hex(point)


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "a\udfffb"])
def test_what_no_database_can_store_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TEXT.validate_python(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LAMP", "lamp"),
        ("Größe", "GRÖSSE"),
        ("é", "e\u0301"),
        ("ÉCOLE", "école"),
        ("ﬁ", "FI"),
    ],
)
def test_texts_are_compared_without_regard_to_case(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_the_form_for_comparing_is_at_most_three_times_as_long() -> None:
    longest = max(len(fold(chr(point))) for point in range(sys.maxunicode + 1))
    assert longest <= 3
