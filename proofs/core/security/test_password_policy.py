"""Which passwords may be chosen."""

import pytest

from app.core.errors import InvalidError
from app.core.security.passwords import (
    MAX_LENGTH,
    PasswordPolicy,
    PasswordSettings,
    common_passwords,
)

PERSONAL = ("jane.doe@example.com", "gardener")
COMPOSED = {"require_mixed_case": True, "require_digit": True, "require_symbol": True}


def broken(password: str, **settings: object) -> list[str]:
    policy = PasswordPolicy(PasswordSettings.model_validate(settings), "Flower Shop")
    try:
        policy.check(password, personal=PERSONAL, field="new_password")
    except InvalidError as error:
        return (error.fields or {})["new_password"]
    return []


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "kGhTz4wQpLmN",
        "trailing space ",
        "größer, Über 😀",
        "😀😁😂🤣😃😄😅😆😉😊😋😎",
        "пароль-из-слов",
        "a" * 80 + "tail",
        "a" * 80 + "another",
        "x" * 128,
    ],
)
def test_any_long_text_will_do(password: str) -> None:
    assert broken(password) == []


@pytest.mark.parametrize(
    ("length", "bound"),
    [(0, "12"), (11, "12"), (12, ""), (128, ""), (129, "128"), (10**6, "128")],
)
def test_a_password_has_12_to_128_characters(length: int, bound: str) -> None:
    found = broken("kGhTz4wQpLmN"[:length].ljust(length, "z"))
    assert [bound in sentence for sentence in found] == [True] * bool(bound)


def test_length_is_counted_in_characters_as_people_see_them() -> None:
    assert broken("\u1f82" * 128) == broken("\u03b1\u0313\u0300\u0345" * 128) == []
    assert broken("e\u0301" * 128) == []
    assert broken("e\u0301" * 11) != []
    assert broken("e\u0301" * 129) != []


def test_the_lengths_can_be_set() -> None:
    assert broken("kGhTz4wQ", min_length=8) == []


@pytest.mark.parametrize("values", [{"min_length": 7}, {"min_length": MAX_LENGTH + 1}])
def test_lengths_that_weaken_passwords_cannot_be_set(values: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="should be"):
        PasswordSettings.model_validate(values)


def test_long_passwords_are_allowed() -> None:
    assert MAX_LENGTH >= 64


@pytest.mark.parametrize(
    "password",
    [
        "1q2w3e4r5t6y",
        "qwertyuiop[]",
        "123456789012",
        "password1234",
        "PassWord!2026",
        "iloveyou????",
        "Sunshine 2026",
        "administrator",
        "ADMINISTRATOR1",
    ],
)
def test_a_common_password_is_refused(password: str) -> None:
    assert broken(password) == [
        "It is too common, or only slightly different from a common one."
    ]


@pytest.mark.parametrize(
    "password",
    [
        "jane.doe@example.com",
        "JANE.DOE@EXAMPLE.COM",
        "janedoejanedoe",
        "j-a-n-e-d-o-e-1-2",
        "jane!!!!2026",
        "example12345",
        "gardener!123",
        "flowershop123",
        "The Flower Shop!",
        "flower-shop-flower",
    ],
)
def test_a_password_made_of_its_context_is_refused(password: str) -> None:
    assert any("too close" in sentence for sentence in broken(password))


@pytest.mark.parametrize(
    "password",
    ["jane likes to swim", "my flower is a rose", "doe-doe-doe-kite", "!?-!?-!?-!?-"],
)
def test_words_of_the_context_may_be_part_of_a_password(password: str) -> None:
    assert broken(password) == []


@pytest.mark.parametrize("password", ["kGhTz4\x00wQpLmN", "kGhTz4\ud800wQpLmN"])
def test_what_is_no_text_is_no_password(password: str) -> None:
    assert broken(password) == ["It must not have characters that are not text."]


@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("kGhTz4wQpLmN!", []),
        ("größeÜber 7😀", []),
        ("kghtz4wqplmn!", ["lower-case and upper-case"]),
        ("KGHTZ4WQPLMN!", ["lower-case and upper-case"]),
        ("kGhTzxwQpLmN!", ["a digit"]),
        ("kGhTz4wQ pLmN", ["neither letter"]),
        ("kghtzxwqplmn", ["lower-case and upper-case", "a digit", "neither letter"]),
    ],
)
def test_kinds_of_characters_can_be_required(password: str, missing: list[str]) -> None:
    found = broken(password, **COMPOSED)
    assert len(found) == len(missing)
    assert all(part in sentence for part, sentence in zip(missing, found, strict=True))
    assert broken(password) == []


def test_an_error_does_not_quote_the_password() -> None:
    with pytest.raises(InvalidError) as caught:
        PasswordPolicy(PasswordSettings(), "Flower Shop").check("password1234")
    assert (
        "password1234"
        not in f"{caught.value!r}{caught.value.detail}{caught.value.fields}"
    )
    assert list(caught.value.fields or {}) == ["password"]


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert len(broken("Password", **COMPOSED)) == 4


def test_the_list_has_what_people_choose() -> None:
    common = common_passwords()
    assert sum(len(password) >= 12 for password in common) >= 3000
    assert all(
        len(password) >= 8 and password == password.casefold() for password in common
    )
