"""What is committed speaks of the project alone, and the test command is the same everywhere."""

from __future__ import annotations

import re
import subprocess
from functools import cache

import pytest
import yaml

from tests.support.questions import ROOT

TEST_COMMAND = (
    "python3 -m venv .tools && .tools/bin/pip install --quiet uv && "
    ".tools/bin/uv run --locked just test"
)
"""The one command that tests everything, on a machine that has Python and git alone."""

PLACES = ("README.md", ".ci/run", ".github/workflows/ci.yml")
HOME = "(?:" + "|".join(("home/[a-z]", "root", "work", "tmp", "Users")) + ")/"
PRIVATE_PATH = re.compile(rf"(?<![\w.~}}\]*-])/{HOME}(?!\.X)")
REGISTRY = re.compile("|".join((r"pypi" + r"\.org", r"files\.python" + "hosted", r"registry\.npm")))


@cache
def committed() -> dict[str, str]:
    """The text files that git knows, or would add."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    names = [name for name in ran.stdout.split("\0") if name and (ROOT / name).is_file()]
    raw = {name: (ROOT / name).read_bytes() for name in names}
    return {name: text.decode() for name, text in raw.items() if b"\0" not in text}


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    texts = {name: text for name, text in committed().items() if name != "uv.lock"}
    lines = [f"{name}: {line}" for name, text in texts.items() for line in text.splitlines()]
    return [line for line in lines if pattern.search(line)]


@pytest.mark.parametrize("place", PLACES)
def test_the_test_command_is_the_same_everywhere(place: str) -> None:
    assert TEST_COMMAND in (ROOT / place).read_text()


def test_the_shards_hold_every_folder_once() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    shards = workflow["jobs"]["test"]["strategy"]["matrix"]["include"]
    folders = {path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("tests/*/test_*.py")}
    assert sorted(folder for one in shards for folder in one["folders"].split()) == sorted(folders)


def test_every_server_that_suites_need_is_a_service() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    ports = [one["ports"] for one in workflow["jobs"]["test"]["services"].values()]
    assert ports == [["5432:5432"], ["3306:3306"], ["6379:6379"]]


def test_no_private_path_is_committed() -> None:
    assert lines_with(PRIVATE_PATH) == []


def test_no_package_registry_is_named() -> None:
    assert lines_with(REGISTRY) == []


def test_the_lock_names_the_public_index_alone() -> None:
    sources = re.findall(r"source = \{ (.*?) = \"(.*?)\"", (ROOT / "uv.lock").read_text())
    assert {kind for kind, _ in sources} == {"registry", "virtual"}
    assert len({place for kind, place in sources if kind == "registry"}) == 1


def test_actions_are_pinned_to_a_commit() -> None:
    text = (ROOT / ".github/workflows/ci.yml").read_text()
    used = re.findall(r"uses: (\S+)", text)
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one)] == []
