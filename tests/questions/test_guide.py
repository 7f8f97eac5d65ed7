"""The documentation names every question as it is asked, with its answers."""

from __future__ import annotations

from tests.support.questions import ROOT, choices, is_choice, questions

Row = tuple[str, str, str]


def rows() -> dict[str, Row]:
    """The table's rows by question: how it is asked, the answers, what it changes."""
    lines = (ROOT / "docs/questions.md").read_text().splitlines()
    table = [line.strip("| ").split(" | ") for line in lines if line.startswith("| `")]
    return {name.strip("`"): (asked, answers, changes) for name, asked, answers, changes in table}


def expected(name: str) -> str:
    """What the answers must say: all choices, the default first, or the default of a text."""
    if is_choice(name):
        return ", ".join(f"`{value}`" for value in choices(name))
    default = questions()[name]["default"]
    if isinstance(default, list):
        return f"`{default[0]['name']}`"
    return "text" if not default or "{" in default else f"`{default}`"


def test_every_question_is_documented_in_the_order_in_which_it_is_asked() -> None:
    assert list(rows()) == list(questions())


def test_every_question_is_documented_in_its_own_words() -> None:
    asked = {name: row[0] for name, row in rows().items()}
    helps = {name: question["help"].split() for name, question in questions().items()}
    assert asked == {name: " ".join(words) for name, words in helps.items()}


def test_every_answer_is_documented_and_the_default_comes_first() -> None:
    for name, (_, answers, _) in rows().items():
        assert answers == expected(name) if is_choice(name) else expected(name) in answers


def test_every_answer_says_what_it_changes() -> None:
    assert [name for name, (_, _, changes) in rows().items() if not changes] == []
