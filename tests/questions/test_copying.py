"""Every way of answering leads to a project, and a copy leaves nothing but the project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from copier import run_copy
from pytest_copie.plugin import Copie

from tests.questions.conftest import Copier
from tests.support.questions import questions
from tests.support.render import render

DEFAULTS = {
    "project_name": "My API",
    "project_slug": "my-api",
    "description": "An HTTP API.",
    "author_name": "The My API authors",
    "author_email": "",
    "license": "MIT",
    "python_version": "3.13",
    "database": "sqlite",
    "resources": [
        {
            "name": "item",
            "fields": {
                "name": "str(120) unique",
                "description": "text optional",
                "price": "decimal(10,2) min=0 = 0",
            },
        }
    ],
    "auth": "jwt",
    "jwt_library": "python-jose",
    "rate_limit": "memory",
    "docker": "image",
    "ci": "github",
}
ANSWERS_ONLY = ("--exclude", "*", "--exclude", "!/.copier-answers.yml")
LICENSES = {
    "MIT": "MIT License\n\nCopyright (c) Ada\n\nPermission is hereby granted",
    "Apache-2.0": "Version 2.0, January 2004",
    "BSD-3-Clause": "BSD 3-Clause License\n\nCopyright (c) Ada\n\nRedistribution and use",
    "proprietary": "Copyright (c) Ada\n\nAll rights reserved.",
}


def answers_of(project: Path) -> dict[str, Any]:
    stored = yaml.safe_load((project / ".copier-answers.yml").read_text())
    return {name: answer for name, answer in stored.items() if name[0] != "_"}


def test_defaults_alone_make_a_project(copier: Copier, destination: Path) -> None:
    done = copier("--defaults")
    assert done.returncode == 0
    assert answers_of(destination) == DEFAULTS
    assert list(DEFAULTS) == list(questions())


def test_data_on_the_command_line_answers_questions(copier: Copier, destination: Path) -> None:
    data = ("--data", "database=mysql", "--data", "project_name=Größe: 1")
    done = copier("--defaults", *ANSWERS_ONLY, *data)
    assert done.returncode == 0
    changed = {"database": "mysql", "project_name": "Größe: 1", "project_slug": "gr-e-1"}
    assert answers_of(destination) == DEFAULTS | changed | {"author_name": "The Größe: 1 authors"}


def test_a_data_file_answers_questions(copier: Copier, tmp_path: Path, destination: Path) -> None:
    answers = tmp_path / "answers.yml"
    answers.write_text("database: postgresql\npython_version: 3.12\n")
    done = copier("--defaults", *ANSWERS_ONLY, "--data-file", str(answers))
    assert done.returncode == 0
    assert answers_of(destination) == DEFAULTS | {
        "database": "postgresql",
        "python_version": "3.12",
    }


def test_without_a_terminal_the_way_out_is_named(copier: Copier, destination: Path) -> None:
    done = copier()
    assert done.returncode == 1
    assert "--defaults" in done.stderr
    assert not destination.exists()


def test_a_copy_needs_no_trust(template: Path, destination: Path) -> None:
    run_copy(str(template), destination, defaults=True, quiet=True, unsafe=False)
    assert (destination / "app").is_dir()


def test_a_template_that_is_named_from_elsewhere_is_found_again(
    template: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(template.parent)
    run_copy(template.name, destination, defaults=True, quiet=True, exclude=["/app", "/tests"])
    stored = yaml.safe_load((destination / ".copier-answers.yml").read_text())
    assert stored["_src_path"] == str(template.resolve())


def test_the_next_steps_are_commands(copier: Copier) -> None:
    printed = copier("--defaults").stderr.rstrip().splitlines()[-4:]
    assert printed == ["cd my-api", "uv run just setup", "uv run just dev", "uv run just check"]


@pytest.mark.parametrize(
    ("docker", "steps"),
    [
        ("none", ["docker run", "docker run", "uv run just setup", "uv run just dev"]),
        ("compose", ["uv run just setup", "docker compose up", "uv run just dev"]),
    ],
)
@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_servers_run_before_what_needs_them(
    copier: Copier, destination: Path, database: str, docker: str, steps: list[str]
) -> None:
    answers = {"database": database, "docker": docker, "rate_limit": "redis"}
    data = [word for item in answers.items() for word in ("--data", "=".join(item))]
    done = copier("--defaults", "--exclude", "*", "--exclude", "!/README.md", *data)
    readme = (destination / "README.md").read_text().split("```console\n")[1].split("```")[0]
    assert done.stderr.rstrip().endswith(f"cd my-api\n{readme.rstrip()}")
    pairs = zip(readme.splitlines(), [*steps, "uv run just check"], strict=True)
    assert [line for line, step in pairs if not line.startswith(step)] == []


def test_the_next_steps_quote_the_folder(
    template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run_copy(str(template), tmp_path / "my api", defaults=True, exclude=["*"])
    assert f"\ncd '{tmp_path}/my api'\n" in capfd.readouterr().err


def test_the_next_steps_stay_in_the_current_folder(
    template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    run_copy(str(template), ".", defaults=True, exclude=["*"])
    assert "cd " not in capfd.readouterr().err


@pytest.mark.parametrize(("license_", "words"), LICENSES.items())
def test_the_licence_is_the_chosen_one(
    template: Path, destination: Path, license_: str, words: str
) -> None:
    data, only = {"license": license_, "author_name": "Ada"}, ["*", "!/LICENSE"]
    run_copy(str(template), destination, data, exclude=only, defaults=True, quiet=True)
    text = (destination / "LICENSE").read_text()
    assert words in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_only_files_of_the_chosen_database_are_there(copie: Copie) -> None:
    project = copie.copy(extra_answers={"database": "postgresql"}).project_dir
    assert project is not None
    assert (project / "app/db/postgresql.py").is_file()
    assert not (project / "app/db/sqlite.py").exists()
    assert not (project / "app/db/mysql.py").exists()


def test_what_is_for_docker_and_pipelines_is_there_only_if_chosen(tmp_path: Path) -> None:
    chosen = render({"docker": "compose"}, tmp_path / "chosen")
    nothing = render({"docker": "none", "ci": "none"}, tmp_path / "nothing")
    for path in ("Dockerfile", ".dockerignore", "compose.yaml", ".github/workflows"):
        assert (chosen / path).exists()
        assert not (nothing / path).exists()


def test_without_accounts_there_are_no_files_of_accounts(destination: Path) -> None:
    project = render({"auth": "none"}, destination)
    assert (project / "tests/fixtures/client.py").is_file()
    assert not (project / "app/core/security").exists()
    assert not (project / "app/accounts").exists()
