"""What Compose, Dockerfile, workflow and documents name is there, and what is needed is passed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.delivery import compose
from tests.support.project import Project
from tests.support.questions import ROOT

PRODUCTION = "compose.production.yaml"
GIVEN = {
    "DOMAIN": "api.example.com",
    "MAIL__HOST": "smtp.example.com",
    "MAIL__SENDER": "no-reply@example.com",
}
"""What an owner must write into `.env`, wherever it is asked for."""

OURS = {"app", "migrate"}
"""The services that run the project's own image."""

OF_OTHERS = {
    "caddy": {"DOMAIN"},
    "postgres": {
        "POSTGRES_DB",
        "POSTGRES_PASSWORD",
        "POSTGRES_PASSWORD_FILE",
        "POSTGRES_USER",
    },
    "mysql": {
        "MYSQL_DATABASE",
        "MYSQL_PASSWORD_FILE",
        "MYSQL_ROOT_PASSWORD",
        "MYSQL_ROOT_PASSWORD_FILE",
        "MYSQL_USER",
    },
}
"""The variables that other images document, by image."""

OF_COMPOSE = {"APP_MEMORY", "DOMAIN", "IMAGE"}
"""Variables of the production file that are no settings."""

OF_PYTHON = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
OF_UV = re.compile(r"UV_[A-Z_]+")
SETTING = re.compile(r"\b[A-Z][A-Z_]*__[A-Z_]+\b")


@pytest.fixture(scope="module")
def examined(
    composed: list[Project], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """What each project's settings make of what Compose passes in production."""
    cases = [case(project, tmp_path_factory.mktemp("case")) for project in composed]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.delivery.settings_of"],
        input=json.dumps(cases),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    ids = [project.combination.id for project in composed]
    return dict(zip(ids, json.loads(ran.stdout), strict=True))


def case(project: Project, folder: Path) -> dict[str, Any]:
    """A project, in production: the image's environment, that of its service, its secrets."""
    whole = compose.read(project.texts[PRODUCTION], GIVEN)
    service = whole["services"]["app"]
    run_script(project.texts["tools/secrets.sh"], folder)
    for name in service["secrets"]:
        (folder / name).write_text((folder / whole["secrets"][name]["file"]).read_text())
    environment = image_environment(project) | service["environment"]
    return {
        "root": str(project.root),
        "environment": {key: str(value) for key, value in environment.items()},
        "secrets": str(folder),
    }


@cache
def _last_environment(dockerfile: str) -> dict[str, str]:
    stage = re.split(r"^FROM ", dockerfile, flags=re.MULTILINE)[-1]
    block = re.findall(r"^ENV ((?:.*\\\n)*.*)", stage, re.MULTILINE)
    return dict(pair.split("=", 1) for text in block for pair in text.replace("\\\n", " ").split())


def image_environment(project: Project) -> dict[str, str]:
    """The environment of the image that a Dockerfile makes."""
    return dict(_last_environment(project.texts["Dockerfile"]))


def test_what_compose_passes_in_production_is_all_that_is_needed(
    examined: dict[str, dict[str, Any]],
) -> None:
    assert {one: found["error"] for one, found in examined.items() if found["error"]} == {}


def test_what_compose_passes_arrives(examined: dict[str, dict[str, Any]]) -> None:
    for name, found in examined.items():
        settings = found["settings"]
        assert settings["environment"] == "production"
        assert settings["http"]["allowed_hosts"] == ["api.example.com"], name
        assert settings["server"] | {"host": "0.0.0.0", "workers": 1} == settings["server"]  # noqa: S104
        assert settings["cors"]["allow_origins"] == []
        if "mail" in settings:
            assert settings["mail"]["host"] == "smtp.example.com"


def test_every_variable_of_our_services_is_a_setting(
    composed: list[Project], examined: dict[str, dict[str, Any]]
) -> None:
    for project in composed:
        known = examined[project.combination.id]["names"]
        for file in ("compose.yaml", PRODUCTION):
            services = compose.read(project.texts[file], GIVEN)["services"]
            passed = {name for one in OURS for name in services[one]["environment"]}
            secrets = {name.upper() for one in OURS for name in services[one].get("secrets", ())}
            assert passed | secrets <= known.keys(), (project.combination.id, file)


def test_every_variable_of_the_image_is_a_setting(
    delivered: list[Project], examined: dict[str, dict[str, Any]]
) -> None:
    known = set.intersection(*({*one["names"]} for one in examined.values()))
    for project in delivered:
        assert image_environment(project).keys() - OF_PYTHON <= known


def test_every_variable_of_other_images_is_documented_by_them(composed: list[Project]) -> None:
    for project in composed:
        for file in ("compose.yaml", PRODUCTION):
            services = compose.read(project.texts[file], GIVEN)["services"]
            for name in services.keys() - OURS:
                image = services[name]["image"].split(":")[0]
                passed = services[name].get("environment", {}).keys()
                assert passed <= OF_OTHERS.get(image, set()), (file, name)


def test_a_variable_that_an_owner_sets_is_a_setting_or_compose_s_own(
    composed: list[Project], examined: dict[str, dict[str, Any]]
) -> None:
    for project in composed:
        known = examined[project.combination.id]["names"].keys() | OF_COMPOSE
        assert compose.variables(project.texts[PRODUCTION]) <= known


def test_what_an_owner_must_set_is_asked_for_in_a_sentence(composed: list[Project]) -> None:
    for project in composed:
        asked = compose.required(project.texts[PRODUCTION])
        assert asked.keys() <= GIVEN.keys()
        for name, words in asked.items():
            assert words.startswith(f"Set {name} in .env to ")
        with pytest.raises(compose.MissingError, match="Set DOMAIN"):
            compose.read(project.texts[PRODUCTION], {})


def test_every_setting_that_documents_name_is_there(
    composed: list[Project], examined: dict[str, dict[str, Any]]
) -> None:
    places = ("docs/deployment.md", "docs/decisions/0005-delivery.md", ".env.example")
    for project in composed:
        known = examined[project.combination.id]["names"]
        named = {name for place in places for name in SETTING.findall(project.texts[place])}
        assert named <= known.keys() | {"GROUP__NAME"}, project.combination.id


def test_what_a_workflow_sets_is_read_by_the_tests(delivered: list[Project]) -> None:
    for project in delivered:
        workflow = project.texts[".github/workflows/ci.yml"]
        block = re.findall(r"^    env:\n((?:      .*\n)+)", workflow, re.MULTILINE)
        names = set(re.findall(r"^      (\w+):", "".join(block), re.MULTILINE))
        fixtures = "".join(project.python("tests/fixtures").values())
        unread = {
            name for name in names if f'"{name}"' not in fixtures and not OF_UV.fullmatch(name)
        }
        assert unread == set(), project.combination.id


def test_secrets_are_random_and_stay_as_they_are(composed: list[Project], tmp_path: Path) -> None:
    script = composed[-1].texts["tools/secrets.sh"]
    made = [run_script(script, tmp_path / place) for place in ("a", "b", "a")]
    assert made[0] == made[2]
    assert made[0]["secret_key"] != made[1]["secret_key"]
    assert len(made[0]["secret_key"]) == 64
    assert (tmp_path / "a/.secrets").stat().st_mode & 0o777 == 0o700


def run_script(script: str, folder: Path) -> dict[str, str]:
    """Run the script that makes secrets, and give them by name."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["sh", "-c", script], cwd=folder, check=True, capture_output=True)
    return {path.name: path.read_text() for path in (folder / ".secrets").iterdir()}


def test_no_secret_stands_in_a_file_of_production(composed: list[Project]) -> None:
    for project in composed:
        services = compose.read(project.texts[PRODUCTION], GIVEN)["services"]
        passed = [pair for one in services.values() for pair in one.get("environment", {}).items()]
        secret = [pair for pair in passed if re.search("PASSWORD|SECRET|DATABASE_URL", pair[0])]
        assert all(str(value).startswith("/run/secrets/") for _, value in secret), secret
