"""Conditions are few, plain, and stand where they are expected."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from textwrap import dedent

from tests.style.template import (
    CONTROL,
    FLOW,
    NAMING,
    TAG,
    YIELD,
    Source,
    of_resources,
    python,
    sources,
)

COMPOSITION_POINTS = (
    "app/main.py",
    "app/config.py",
    "app/features.py",
    "app/accounts/__init__.py",
    "app/accounts/models.py",
    "app/accounts/__init__.py",
    "app/accounts/credentials.py",
    "app/accounts/feature.py",
    "app/accounts/scopes.py",
    "app/accounts/settings.py",
    "app/api/v1/router.py",
    "app/core/rate_limit/__init__.py",
    "app/core/resource/integer_ids/__init__.py",
    "app/core/resource/numbers/__init__.py",
    "app/core/resource/scalar_lists/__init__.py",
    "app/core/resource/search/__init__.py",
    "app/core/security/jwt.py",
    "app/core/security/throttle/__init__.py",
    "app/db/__init__.py",
    "app/models/__init__.py",
    "migrations/directives.py",
    "migrations/versions/*.py",
    "tests/accounts/test_permissions.py",
    "tools/seed.py",
)
"""The only Python files that may depend on an answer, besides those of resources."""

PLAIN = 0.85
TAGS_PER_100_LINES = 0.6
RESOURCE_TAGS_PER_100_LINES = 20
ALONE = re.compile(r"(?ms)^ *(?:\{\{.*?-?\}\}|\{% set .*? %\})$")
"""What stands alone on its lines and leaves none, or whole ones."""
TINY = 5
CONDITION = re.compile(
    r"""(?:el)?if (?:(?:not )?\w+(\.\w+)?|\w+(\.\w+)? [!=]= (?:"[^"]*"|'[^']*'|\w+))"""
)


def test_python_depends_on_answers_at_composition_points_only() -> None:
    rendered = [one.path.removesuffix(".jinja") for one in python() if one.is_rendered]
    points = [path for path in rendered if any(fnmatch(path, p) for p in COMPOSITION_POINTS)]
    assert rendered == points


def test_most_python_files_are_plain() -> None:
    files = [one for one in python() if len(one.lines) > TINY]
    plain = [one for one in files if not one.has_tag]
    assert len(plain) >= PLAIN * len(files)


def test_control_tags_are_few() -> None:
    assert tags_per_100_lines(python()) <= TAGS_PER_100_LINES


def test_control_tags_are_bearable_in_the_files_of_resources() -> None:
    assert tags_per_100_lines(of_resources(), FLOW) <= RESOURCE_TAGS_PER_100_LINES


def test_names_are_given_at_the_head_of_a_file_of_a_resource() -> None:
    found = [f"{one.path}: {line}" for one in of_resources() for line in named_late(one)]
    assert found == []


def test_a_resource_has_its_files_in_every_layer() -> None:
    layers = {one.path.split("{%")[0] for one in of_resources()}
    assert layers == {
        "app/api/v1/endpoints/",
        "app/crud/",
        "app/models/",
        "app/schemas/",
        "app/services/",
        "tests/api/test_",
        "tests/factories/",
    }


def test_a_file_of_a_resource_is_named_by_a_plain_value() -> None:
    named = [YIELD.search(one.path) for one in sources() if "{% yield" in one.path]
    assert {one and one.group(2, 3) for one in named} == {
        ("bulks", "module"),
        ("csvs", "module"),
        ("entities", "name"),
        ("entities", "plural"),
        ("files", "module"),
        ("links", "module"),
        ("nested", "module"),
        ("trees", "module"),
        ("wholes", "module"),
    }


def test_a_file_that_is_rendered_has_a_tag() -> None:
    assert [one.path for one in sources() if one.is_rendered and not one.has_tag] == []


def test_no_file_name_carries_a_condition() -> None:
    assert [one.path for one in sources() if "{%" in one.path and "{% yield" not in one.path] == []


def test_a_tag_stands_alone_on_its_line() -> None:
    found = [
        f"{one.path}:{number}: {line}"
        for one in sources()
        for number, line, _ in one.tags
        if len(TAG.findall(line)) > 1 or not re.fullmatch(r"\s*\{%-?.*%\}", line)
    ]
    assert found == []


def test_a_condition_is_one_name_or_one_comparison() -> None:
    tags = [(one.path, n, tag) for one in sources() for n, _, tag in one.tags]
    conditions = [found for found in tags if found[2].startswith(("if ", "elif "))]
    assert [found for found in conditions if not CONDITION.fullmatch(found[2])] == []


def test_conditions_are_not_nested() -> None:
    assert [one.path for one in sources() if depth(one) > 1] == []


def test_python_has_no_else() -> None:
    found = [
        one.path for one in python() for *_, tag in one.tags if tag.startswith(("else", "elif"))
    ]
    assert found == []


def test_a_condition_in_python_holds_whole_statements() -> None:
    found = [
        f"{one.path}: {block}" for one in python() for block in blocks(one) if not is_python(block)
    ]
    assert found == []


def named_late(source: Source) -> Iterator[str]:
    """Tags that name something after the code has begun."""
    has_begun = False
    for line in ALONE.sub("", source.text).splitlines():
        if NAMING.search(line) and has_begun:
            yield line
        has_begun = has_begun or not line.strip().startswith(("{%", "{{"))


def tags_per_100_lines(files: list[Source], kind: re.Pattern[str] = CONTROL) -> float:
    """How many control tags there are for 100 lines."""
    tags = sum(len(kind.findall(one.text)) for one in files if one.is_rendered)
    return tags * 100 / sum(len(one.lines) for one in files)


def blocks(source: Source) -> Iterator[str]:
    """What stands between a condition's tags."""
    begins = 0
    for number, _, tag in source.tags:
        if tag == "endif":
            yield dedent(ALONE.sub("", "\n".join(source.lines[begins : number - 1])))
        begins = number


def is_python(text: str) -> bool:
    """Tell whether a text is one or more whole statements, or entries of a list or a mapping."""
    return parses(text) or parses(f"{{{text}}}")


def parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def depth(source: Source) -> int:
    """How deep conditions are nested."""
    deepest = level = 0
    for *_, tag in source.tags:
        level += tag.startswith("if ") - (tag == "endif")
        deepest = max(deepest, level)
    return deepest
