"""The manifest names every optional file, and no file that is not there."""

from __future__ import annotations

from functools import cache

from tests.matrix import FURTHER, HEADLINE, HEADLINES, WITH_LISTS
from tests.style.template import TEMPLATE, sources
from tests.support.questions import ROOT, choices
from tests.support.render import exclusions

COPY_ONLY = "/migrations/versions"
"""What only `copier copy` renders: an update never touches it."""


@cache
def excluded() -> dict[str, list[str]]:
    """The lines of the manifest when a project is copied, by combination."""
    return {one.id: exclusions(one.answers) for one in (*HEADLINES, *FURTHER, *WITH_LISTS)}


@cache
def left_out() -> dict[str, frozenset[str]]:
    """The anchored paths that the manifest leaves out, by combination."""
    return {name: anchored(lines) for name, lines in excluded().items()}


def anchored(lines: list[str]) -> frozenset[str]:
    return frozenset(line for line in lines if line.startswith("/"))


def listed() -> frozenset[str]:
    return frozenset().union(*left_out().values())


SHARED = "app/db/session.py"
"""Its sessions are those of any database."""


def variants() -> list[str]:
    """Paths with a part that is named like an answer, such as `app/db/sqlite.py`."""
    values = [value for name in HEADLINE for value in choices(name)]
    words = {value for value in values if isinstance(value, str)} - {"none"}
    paths = {one.path.removesuffix(".jinja") for one in sources()} - {SHARED}
    return [
        path for path in sorted(paths) if words & {part.split(".")[0] for part in path.split("/")}
    ]


def test_every_path_in_the_manifest_exists() -> None:
    assert [path for path in listed() if not exists(path)] == []


def test_paths_are_anchored_and_have_no_trailing_slash() -> None:
    lines = {line for found in excluded().values() for line in found if "/" in line}
    assert [line for line in lines if not line.startswith("/") or line.endswith("/")] == []


def test_every_variant_file_is_left_out_somewhere() -> None:
    assert variants()
    assert [path for path in variants() if not any(covers(one, path) for one in listed())] == []


def test_every_file_is_rendered_somewhere() -> None:
    assert frozenset.intersection(*left_out().values()) == frozenset()


def test_a_migration_is_rendered_by_copy_alone() -> None:
    answers = HEADLINES[0].answers
    assert COPY_ONLY not in exclusions(answers, "copy")
    assert COPY_ONLY in exclusions(answers, "update")


def test_there_is_one_manifest() -> None:
    assert (ROOT / "extensions" / "manifest.jinja").is_file()


def covers(pattern: str, path: str) -> bool:
    return f"/{path}" == pattern or f"/{path}".startswith(f"{pattern}/")


def exists(path: str) -> bool:
    place = TEMPLATE / path.removeprefix("/")
    return place.exists() or place.with_name(f"{place.name}.jinja").exists()
