"""Settings: where they come from, and what is refused."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.config import load_settings
from tests.fixtures.custom import RANDOM


def refusal(environment: pytest.MonkeyPatch, **values: str) -> list[str]:
    for name, value in values.items():
        environment.setenv(name, value)
    with pytest.raises(SystemExit) as caught:
        load_settings()
    assert "canary" not in str(caught.value)
    heading, *lines = str(caught.value).splitlines()
    assert heading == "The settings are not usable:"
    return lines


@pytest.mark.usefixtures("environment")
def test_a_secret_and_a_database_are_enough_to_start() -> None:
    settings = load_settings()
    assert settings.environment == "development"
    assert settings.secret_key.get_secret_value() == RANDOM
    assert RANDOM not in repr(settings)


def test_what_is_missing_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("SECRET_KEY")
    assert refusal(environment) == ["SECRET_KEY: Field required"]


@pytest.mark.asvs("13.4.2")
@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"SECRET_KEY": "canary-short"}, ["SECRET_KEY"]),
        ({"SECRET_KEY": f"change-me-{RANDOM}"}, ["SECRET_KEY"]),
        ({"SECRET_KEY": f"CHANGE-ME-{RANDOM}"}, ["SECRET_KEY"]),
        ({"SECRET_KEY": "a" * 44}, ["SECRET_KEY"]),
        ({"SECRET_KEY": f"canary{' ' * 44}"}, ["SECRET_KEY"]),
        ({"HTTP__TRUSTED_PROXIES": "*"}, ["HTTP__TRUSTED_PROXIES"]),
        ({"HTTP__TRUSTED_PROXIES": "10.0.0.1/8"}, ["HTTP__TRUSTED_PROXIES"]),
        ({"HTTP__REQEST_TIMEOUT": "3"}, ["HTTP__REQEST_TIMEOUT"]),
        ({"DATABASE__POOL_SIZE": "0"}, ["DATABASE__POOL_SIZE"]),
        ({"DEBUG": "true"}, ["DEBUG"]),
        ({"CORS__ALLOW_ORIGINS": "null"}, ["CORS__ALLOW_ORIGINS"]),
        (
            {
                "CORS__ALLOW_ORIGINS": "https://a.test,*",
                "CORS__ALLOW_CREDENTIALS": "true",
            },
            ["CORS__ALLOW_CREDENTIALS"],
        ),
        (
            {
                "LOG_LEVEL": "canary",
                "SERVER__PORT": "canary",
                "HTTP__REQUEST_TIMEOUT": "0",
            },
            ["HTTP__REQUEST_TIMEOUT", "LOG_LEVEL", "SERVER__PORT"],
        ),
        ({"PAGINATION__DEFAULT_LIMIT": "101"}, ["PAGINATION"]),
        ({"DATABASE_URL": "canary"}, ["DATABASE_URL"]),
    ],
)
def test_production_refuses_what_is_unsafe_or_wrong(
    environment: pytest.MonkeyPatch, values: dict[str, str], named: list[str]
) -> None:
    lines = refusal(environment, ENVIRONMENT="production", **values)
    assert sorted(line.split(":")[0].split()[0] for line in lines) == named


def test_a_value_in_place_of_a_group_is_refused(
    environment: pytest.MonkeyPatch,
) -> None:
    (line,) = refusal(environment, HTTP="canary")
    assert '"http"' in line


def test_nothing_starts_with_refused_settings(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ENVIRONMENT", "production")
    environment.setenv("SECRET_KEY", f"change-me-{RANDOM}")
    command = [sys.executable, "-m", "app", "serve"]
    folder = Path(__file__).parents[1]
    ended = subprocess.run(  # noqa: S603
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert "\nSECRET_KEY must be" in ended.stderr
    assert "canary" not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_weak_secret_will_do_for_development(environment: pytest.MonkeyPatch) -> None:
    weak = "change-me" * 4
    environment.setenv("SECRET_KEY", weak)
    assert load_settings().secret_key.get_secret_value() == weak


@pytest.mark.parametrize(
    ("name", "level"), [("development", "ERROR"), ("production", "INFO")]
)
def test_the_file_is_read_everywhere_but_in_production(
    environment: pytest.MonkeyPatch, name: str, level: str
) -> None:
    Path(".env").write_text("LOG_LEVEL=ERROR\nDEBUG=true\n")
    environment.setenv("ENVIRONMENT", name)
    settings = load_settings()
    assert (settings.log_level, settings.debug) == (level, name == "development")


def test_the_environment_wins_over_the_file(environment: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("LOG_LEVEL=ERROR\n")
    environment.setenv("LOG_LEVEL", "WARNING")
    assert load_settings().log_level == "WARNING"


def test_secrets_are_read_from_files(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.delenv("SECRET_KEY")
    (tmp_path / "secret_key").write_text(f"{RANDOM}\n")
    (tmp_path / "pagination__max_limit").write_text("50\n")
    settings = load_settings(tmp_path)
    assert settings.secret_key.get_secret_value() == RANDOM
    assert settings.pagination.max_limit == 50


def test_the_environment_wins_over_files_with_secrets(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("LOG_LEVEL", "WARNING")
    (tmp_path / "log_level").write_text("ERROR\n")
    assert load_settings(tmp_path).log_level == "WARNING"


@pytest.mark.usefixtures("environment")
def test_there_need_be_no_files_with_secrets(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "absent").secret_key.get_secret_value() == RANDOM


@pytest.mark.usefixtures("environment")
def test_the_file_can_not_say_that_this_is_production_with_unsafe_values() -> None:
    Path(".env").write_text("ENVIRONMENT=production\nDEBUG=true\n")
    with pytest.raises(SystemExit, match="DEBUG"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("HTTP__REQUEST_TIMEOUT", "2.5", 2.5),
        (
            "HTTP__TRUSTED_PROXIES",
            "10.0.0.0/8, 192.0.2.1,",
            ("10.0.0.0/8", "192.0.2.1"),
        ),
        ("HTTP__ALLOWED_HOSTS", "API.example.com", ("api.example.com",)),
        (
            "CORS__ALLOW_ORIGINS",
            "https://a.test/,null.test",
            ("https://a.test", "null.test"),
        ),
        ("PAGINATION__MAX_LIMIT", "50", 50),
        ("HTTP__HTTPS_REDIRECT", "yes", True),
        ("http__max_body_bytes", "10", 10),
        ("LOG__FORMAT", "json", "json"),
        ("HTTP__REQUEST_TIMEOUT", "", 30),
        ("HTTP__ALLOWED_HOSTS", "", ("*",)),
        ("DOCS__ENABLED", "", None),
    ],
)
def test_a_value_of_a_group_is_named_after_it(
    environment: pytest.MonkeyPatch, name: str, text: str, value: object
) -> None:
    environment.setenv(name, text)
    group, field = name.lower().split("__")
    assert getattr(getattr(load_settings(), group), field) == value


def test_an_empty_value_counts_as_not_set(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("LOG_LEVEL", "")
    environment.setenv("DEBUG", "")
    assert (load_settings().log_level, load_settings().debug) == ("INFO", False)


@pytest.mark.asvs("13.4.5")
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, (False, False, True)),
        ({"ENVIRONMENT": "test"}, (False, False, True)),
        ({"ENVIRONMENT": "production"}, (True, True, False)),
        ({"LOG__FORMAT": "json", "DOCS__ENABLED": "false"}, (False, True, False)),
        (
            {
                "ENVIRONMENT": "production",
                "LOG__FORMAT": "text",
                "DOCS__ENABLED": "true",
            },
            (True, False, True),
        ),
    ],
)
def test_production_logs_for_machines_and_shows_no_documentation_unless_told(
    environment: pytest.MonkeyPatch,
    values: dict[str, Any],
    expected: tuple[bool, bool, bool],
) -> None:
    for name, value in values.items():
        environment.setenv(name, value)
    settings = load_settings()
    assert (
        settings.in_production,
        settings.log_as_json,
        settings.docs_enabled,
    ) == expected
