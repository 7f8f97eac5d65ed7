"""A bad answer is refused in one sentence, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.questions.conftest import Ask, Copier

QUOTES = ["My 'API'", 'My "API"', "My `API`"]
MARKUP = ["C:\\API", "My {API}", "My {{ API }}", "My <API>", "My $API"]
UNSEEN = ["My\nAPI", "My\r\nAPI", "My\tAPI", "My\x00API", "My\x7fAPI", "My\x85API", "My\xa0API"]
HIDDEN = ["My\u2028API", "My\u2029API", "My\u202eAPI", "My\u2066API", "My\u200bAPI", "\ufeffAPI"]
BROKEN = ["My\udcffAPI", "My\uffffAPI", "My\U000e0041API"]
OUTSIDE = ["", " ", "\n", " API", "API ", "-API", "#API", "_API", "(API"]
TEXTS = {"project_name": 50, "description": 120, "author_name": 80}

SLUGS = ["", "Orders", "orders_api", "orders api", "1orders", "-orders", "orders-", "a--b", "größe"]
TAKEN = ["app", "tests", "mysql", "fastapi", "anyio", "typing-extensions", "rust-just"]
MAILS = ["ada", "ada@", "@example.com", "ada@example", "ada@@example.com", "a b@example.com"]
MORE_MAILS = ["a..b@example.com", ".a@example.com", "a@-x.com", "a@x..com", "Ada <a@example.com>"]
CHOICES = [
    ("license", "GPL"),
    ("python_version", "3.10"),
    ("database", "oracle"),
    ("database", ""),
    ("auth", "oauth"),
]


@pytest.mark.parametrize("answer", QUOTES + MARKUP + UNSEEN + HIDDEN + BROKEN + OUTSIDE, ids=ascii)
def test_a_text_that_could_break_a_file_is_refused(
    ask: Ask, destination: Path, answer: str
) -> None:
    with pytest.raises(
        ValueError, match=r"': (Write|Remove|Begin) [^.]*the project's name[^.]*\.$"
    ):
        ask(project_name=answer)
    assert not destination.exists()


@pytest.mark.parametrize(
    ("question", "what"), [("description", "the description"), ("author_name", "the author's name")]
)
@pytest.mark.parametrize("answer", ['My "API"', "My\nAPI", ""], ids=ascii)
def test_every_text_is_checked_alike(ask: Ask, question: str, what: str, answer: str) -> None:
    with pytest.raises(ValueError, match=rf"': (Write|Remove) [^.]*{what}[^.]*\.$"):
        ask(**{question: answer})


@pytest.mark.parametrize(("question", "longest"), TEXTS.items())
def test_a_text_may_be_as_long_as_the_sentence_says(ask: Ask, question: str, longest: int) -> None:
    assert ask(**{question: "x" * longest})[question] == "x" * longest
    with pytest.raises(ValueError, match=f"to at most {longest} characters"):
        ask(**{question: "x" * (longest + 1)})


@pytest.mark.parametrize(
    "answer", ["Größe & Söhne: 100% #1", "東京の注文", "3D (beta), Inc.", "A/B | c_d"]
)
def test_a_text_may_hold_everything_that_is_harmless(ask: Ask, answer: str) -> None:
    assert ask(project_name=answer)["project_name"] == answer


@pytest.mark.parametrize("slug", [*SLUGS, "x" * 41, "orders\n"], ids=ascii)
def test_a_short_name_that_is_no_slug_is_refused(ask: Ask, destination: Path, slug: str) -> None:
    with pytest.raises(ValueError, match=r"': (Write|Shorten) the short name [^.]+\.$"):
        ask(project_slug=slug)
    assert not destination.exists()


@pytest.mark.parametrize("slug", TAKEN)
def test_a_short_name_that_the_project_uses_is_refused(ask: Ask, slug: str) -> None:
    with pytest.raises(ValueError, match=rf"Choose another short name, such as {slug}-api: "):
        ask(project_slug=slug)


@pytest.mark.parametrize("slug", ["x", "orders", "orders-api-2", "a" * 40, "fastapi-shop"])
def test_a_slug_is_accepted(ask: Ask, slug: str) -> None:
    assert ask(project_slug=slug)["database_name"] == slug.replace("-", "_")


@pytest.mark.parametrize(
    "mail", [*MAILS, *MORE_MAILS, "a@example.com\n", "ä@example.com"], ids=ascii
)
def test_an_address_that_is_none_is_refused(ask: Ask, destination: Path, mail: str) -> None:
    with pytest.raises(
        ValueError, match=r"Write the e-mail address as name@example\.com, or leave"
    ):
        ask(author_email=mail)
    assert not destination.exists()


@pytest.mark.parametrize("mail", ["", "ada@example.com", "a.b+c@mail.x-y.co.uk", "a@b.xn--p1ai"])
def test_an_address_or_none_is_accepted(ask: Ask, mail: str) -> None:
    assert ask(author_email=mail)["author_email"] == mail


def test_an_address_has_at_most_254_characters(ask: Ask) -> None:
    with pytest.raises(ValueError, match="Shorten the e-mail address from 260 to at most 254"):
        ask(author_email="a" * 248 + "@example.com")


@pytest.mark.parametrize(("question", "answer"), CHOICES)
def test_an_answer_that_is_not_offered_is_refused(
    ask: Ask, destination: Path, question: str, answer: str
) -> None:
    with pytest.raises(ValueError, match=f"Invalid choice for '{question}': '.*' is not in "):
        ask(**{question: answer})
    assert not destination.exists()


@pytest.mark.parametrize("answer", [None, ["My API"], {"name": "My API"}], ids=repr)
def test_an_answer_of_another_type_is_refused(ask: Ask, destination: Path, answer: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        ask(project_name=answer)
    assert not destination.exists()


def test_the_command_ends_with_the_sentence_and_writes_nothing(
    copier: Copier, destination: Path
) -> None:
    done = copier("--defaults", "--data", "project_name=My $API")
    assert done.returncode == 1
    assert done.stderr.endswith(
        "Validation error for question 'project_name': Remove quotes, backticks, "
        "backslashes, braces, angle brackets and dollar signs from the project's name.\n"
    )
    assert not destination.exists()
