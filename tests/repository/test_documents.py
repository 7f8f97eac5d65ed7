"""Links of our documents lead somewhere, and a release is named the same everywhere."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import pytest
from packaging.version import Version

from tests.support.questions import ROOT

DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
RELEASE = re.compile(r"^## (\S+) - (\d{4}-\d\d-\d\d)$", re.MULTILINE)
PICTURE_BYTES = 150_000
PNG = b"\x89PNG\r\n"


def links(document: str) -> list[str]:
    """The relative links of a document, without the parts after `#`."""
    text = re.sub(r"(?s)```.*?```", "", (ROOT / document).read_text())
    targets = [target.split("#")[0] for target in LINK.findall(text) if "://" not in target]
    return [target for target in targets if target]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_relative_link_leads_somewhere(document: str) -> None:
    folder = (ROOT / document).parent
    assert [link for link in links(document) if not (folder / link).exists()] == []


def test_the_readme_shows_all_pictures_and_they_are_small() -> None:
    shown = {link for link in links("README.md") if link.endswith(".png")}
    taken = {path.relative_to(ROOT).as_posix(): path for path in ROOT.glob("docs/**/*.png")}
    assert shown == set(taken) != set()
    assert all(path.read_bytes().startswith(PNG) for path in taken.values())
    assert {n: p for n, p in taken.items() if p.stat().st_size > PICTURE_BYTES} == {}


def test_every_decision_is_listed() -> None:
    records = {path.name for path in ROOT.glob("docs/decisions/[0-9]*.md")}
    assert set(links("docs/decisions/README.md")) == records


def test_the_newest_release_in_the_changelog_is_our_version() -> None:
    released = RELEASE.findall((ROOT / "CHANGELOG.md").read_text())
    versions = [Version(version) for version, _ in released]
    days = [date.fromisoformat(day) for _, day in released]
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert released[0][0] == pyproject["project"]["version"]
    assert versions == sorted(set(versions), reverse=True)
    assert days == sorted(days, reverse=True)
