"""Projects share a suite exactly when their suites would do the same."""

from __future__ import annotations

from pathlib import Path

from tests.matrix import COMBINATIONS
from tests.support.project import Project

PYPROJECT = '[project]\nname = "a"\nlicense = "{license}"\ndependencies = ["{dependency}"]\n'


def project(
    root: Path, license_: str = "MIT", dependency: str = "fastapi", **files: str
) -> Project:
    root.mkdir()
    (root / "pyproject.toml").write_text(PYPROJECT.format(license=license_, dependency=dependency))
    for name, text in files.items():
        (root / f"{name}.py").write_text(text)
    return Project(COMBINATIONS[0], root)


def test_labels_do_not_count(tmp_path: Path) -> None:
    first, second = project(tmp_path / "a"), project(tmp_path / "b", license_="BSD-3-Clause")
    assert first.fingerprint == second.fingerprint


def test_dependencies_count(tmp_path: Path) -> None:
    first, second = project(tmp_path / "a"), project(tmp_path / "b", dependency="asyncpg")
    assert first.fingerprint != second.fingerprint


def test_code_counts(tmp_path: Path) -> None:
    first, second = project(tmp_path / "a", main="x = 1\n"), project(tmp_path / "b", main="x = 2\n")
    assert first.fingerprint != second.fingerprint


def test_litter_does_not_count(tmp_path: Path) -> None:
    first, second = project(tmp_path / "a"), project(tmp_path / "b")
    (second.root / ".mypy_cache").mkdir()
    (second.root / ".mypy_cache" / "x.json").write_text("{}")
    assert first.fingerprint == second.fingerprint
