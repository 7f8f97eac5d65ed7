"""What the matrix checks is what a user gets."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.matrix import COMBINATIONS, Combination
from tests.renderer.conftest import CopyByCommand
from tests.support.project import SECRET
from tests.support.questions import ROOT
from tests.support.render import render

IDS = (
    "sqlite-jwt-memory-image",
    "sqlite-session-redis-compose",
    "mysql-none+related",
    "awkward-texts",
)
SAMPLES = [next(one for one in COMBINATIONS if one.id == name) for name in IDS]
NEEDS_TRUST = {"_tasks", "_migrations", "_jinja_extensions"}

Content = dict[str, tuple[int, bytes]]


def content(root: Path) -> Content:
    paths = [path for path in root.rglob("*") if path.is_file() and path.name != SECRET]
    found = {path.relative_to(root).as_posix(): path for path in paths}
    return {name: (path.stat().st_mode, path.read_bytes()) for name, path in found.items()}


def folders(root: Path) -> set[Path]:
    return {path.relative_to(root) for path in root.rglob("*") if path.is_dir()}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.id)
def test_the_renderer_equals_the_command_line(
    sample: Combination, template_folder: Path, copy_by_command: CopyByCommand, tmp_path: Path
) -> None:
    expected = copy_by_command(template_folder, sample)
    rendered = render(sample.answers, tmp_path / "rendered", template_folder)
    assert content(rendered) == content(expected)
    assert folders(rendered) == folders(expected)


def test_a_release_differs_in_its_origin_alone(
    template_release: Path, copy_by_command: CopyByCommand, tmp_path: Path
) -> None:
    expected = content(copy_by_command(template_release, SAMPLES[0]))
    rendered = content(render(SAMPLES[0].answers, tmp_path / "rendered", template_release))
    stored = yaml.safe_load(expected[".copier-answers.yml"][1])
    assert stored.pop("_commit") == "v0.1.0"
    assert stored == yaml.safe_load(rendered.pop(".copier-answers.yml")[1])
    assert rendered == {name: one for name, one in expected.items() if name in rendered}
    assert expected.keys() - rendered.keys() == {".copier-answers.yml"}


def test_two_renderings_are_equal(tmp_path: Path) -> None:
    first, second = (render(SAMPLES[-1].answers, tmp_path / name) for name in ("a", "b"))
    assert content(first) == content(second)


def test_the_secret_is_another_each_time(
    template_folder: Path, copy_by_command: CopyByCommand
) -> None:
    first, second = (copy_by_command(template_folder, SAMPLES[0], name) for name in ("a", "b"))
    assert (first / SECRET).read_text() != (second / SECRET).read_text()


def test_nothing_asks_for_trust() -> None:
    settings = [ROOT / "copier.yml", *(ROOT / "questions").glob("*.yml")]
    lines = [line for path in settings for line in path.read_text().splitlines()]
    assert [line for line in lines if line.split(":")[0] in NEEDS_TRUST] == []


def test_a_name_that_yields_several_files_is_rendered_each_time(tmp_path: Path) -> None:
    names = "template/{% yield one from ['a', 'b'] %}{{ one }}{% endyield %}.txt.jinja"
    (tmp_path / "template").mkdir()
    (tmp_path / "copier.yml").write_text("_subdirectory: template\n")
    (tmp_path / names).write_text("{{ one }}")
    (tmp_path / "template" / "c.txt.jinja").write_text("{{ 1 + 1 }}")
    expected = {"a.txt": b"a", "b.txt": b"b", "c.txt": b"2"}
    for target in ("first", "second"):
        rendered = content(render({}, tmp_path / target, tmp_path))
        assert {name: raw for name, (_, raw) in rendered.items()} == expected
