"""Every rendered project is formatted, clean and compiles as it comes out of the template."""

from tests.combinations.conftest import Findings
from tests.matrix import Combination
from tests.support.project import Project

PYTHON = (".py", ".py.mako")


def test_it_is_formatted(combination: Combination, unformatted: Findings) -> None:
    assert unformatted.get(combination.id, []) == []


def test_the_linter_finds_nothing(combination: Combination, lint: Findings) -> None:
    assert lint.get(combination.id, []) == []


def test_every_module_compiles(project: Project) -> None:
    for name, text in project.python().items():
        compile(text, name, "exec", dont_inherit=True)


def test_whitespace_is_tidy(project: Project) -> None:
    untidy = []
    for name, text in project.texts.items():
        lines = text.split("\n")
        if text and (lines[-1] or not lines[-2].strip()):
            untidy.append(f"{name}: does not end with one newline")
        if text.startswith("\n"):
            untidy.append(f"{name}: starts with an empty line")
        for number, line in enumerate(lines, 1):
            if line != line.rstrip() or "\t" in line[: len(line) - len(line.lstrip())]:
                untidy.append(f"{name}:{number}: trailing blanks or a tab")
        if not name.endswith(PYTHON) and "\n\n\n" in text:
            untidy.append(f"{name}: two empty lines in a row")
    assert untidy == []
