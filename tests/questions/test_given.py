"""A key that no question has is found before anything is asked or written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2.exceptions import FilterArgumentError

from tests.questions.clone import ROOT
from tests.questions.conftest import Ask, Copier
from tests.questions.libraries import library
from tests.support.questions import questions


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("databse", "database"),
        ("db", ""),
        ("Database", "database"),
        ("project", "project_name"),
        ("slug", "project_slug"),
        ("licence", "license"),
        ("python", "python_version"),
        ("author_mail", "author_email"),
        ("authn", "auth"),
        ("rate_limits", "rate_limit"),
        ("ratelimit", "rate_limit"),
        ("dockerfile", "docker"),
        ("e", ""),
        ("", ""),
    ],
)
def test_an_unknown_key_is_refused_and_the_likely_one_named(
    ask: Ask, destination: Path, written: str, meant: str
) -> None:
    advice = f'write "{meant}" if you meant that' if meant else "leave it out, or choose one of "
    with pytest.raises(FilterArgumentError, match=f'^There is no question "{written}": {advice}'):
        ask(**{written: "mysql"})
    assert not destination.exists()


@pytest.mark.parametrize(
    "derived",
    [
        "database_title",
        "database_name",
        "database_url",
        "accounts",
        "authors",
        "given_answers",
        "limited",
        "uses_redis",
    ],
)
def test_a_value_that_follows_from_others_cannot_be_given(ask: Ask, derived: str) -> None:
    with pytest.raises(FilterArgumentError, match=f'^There is no question "{derived}": '):
        ask(**{derived: "x"})


def test_a_misspelt_key_in_a_file_ends_the_command(
    copier: Copier, tmp_path: Path, destination: Path
) -> None:
    answers = tmp_path / "answers.yml"
    answers.write_text("project_name: Orders\ndatabse: mysql\n")
    done = copier("--defaults", "--data-file", str(answers))
    assert done.returncode == 1
    assert done.stderr.endswith(
        'There is no question "databse": write "database" if you meant that, or leave it out.\n'
    )
    assert not destination.exists()


def test_a_data_file_can_be_tried_without_writing(
    copier: Copier, tmp_path: Path, destination: Path
) -> None:
    answers = tmp_path / "answers.yml"
    answers.write_text("project_name: Orders\ndatabase: mysql\n")
    done = copier("--defaults", "--pretend", "--data-file", str(answers))
    assert done.returncode == 0
    assert not destination.exists()


def test_an_answers_file_can_be_given_as_data(ask: Ask) -> None:
    answers = ask(_commit="v1.0.0", _src_path="somewhere", database="mysql")
    assert answers["database"] == "mysql"


def test_the_list_of_known_keys_holds_every_question() -> None:
    assert library("given").asked == list(questions())


def test_no_question_is_defined_twice() -> None:
    texts = [path.read_text() for path in sorted((ROOT / "questions").glob("*.yml"))]
    names = [name for text in texts for name in re.findall(r"^(\w+):", text, re.MULTILINE)]
    assert sorted(names) == sorted(set(names))
