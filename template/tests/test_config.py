"""Settings: where they come from, and which are refused."""

from pathlib import Path

import pytest

from app.config import Settings, load_settings

RANDOM = "canary-0123456789-0123456789-0123456789"


@pytest.fixture
def environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> pytest.MonkeyPatch:
    """Set what every application needs and nothing else, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECRET_KEY", RANDOM)
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    return monkeypatch


def refuse(environment: pytest.MonkeyPatch, **values: str) -> list[str]:
    """Return the lines with which settings are refused."""
    for name, value in values.items():
        environment.setenv(name, value)
    with pytest.raises(SystemExit) as caught:
        load_settings()
    assert "canary" not in str(caught.value)
    heading, *lines = str(caught.value).splitlines()
    assert heading == "The settings are not usable:"
    return lines


@pytest.mark.usefixtures("environment")
def test_a_secret_and_a_database_are_enough() -> None:
    settings = load_settings()
    assert (settings.environment, settings.debug) == ("development", False)
    assert settings.secret_key.get_secret_value() == RANDOM
    assert RANDOM not in repr(settings)


def test_a_missing_setting_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("SECRET_KEY")
    assert refuse(environment) == ["SECRET_KEY: Field required"]


@pytest.mark.parametrize(
    "values",
    [
        {"SECRET_KEY": "canary-short"},
        {"SECRET_KEY": f"change-me-{RANDOM}"},
        {"SECRET_KEY": "a" * 44},
        {"DEBUG": "true"},
        {"CORS__ALLOW_CREDENTIALS": "true", "CORS__ALLOW_ORIGINS": "https://a.test,*"},
        {"CORS__ALLOW_ORIGINS": "null"},
        {"HTTP__TRUSTED_PROXIES": "*"},
        {"DATABASE_URL": "canary"},
    ],
    ids=str,
)
def test_57_production_refuses_what_is_unsafe(
    environment: pytest.MonkeyPatch, values: dict[str, str]
) -> None:
    [line] = refuse(environment, ENVIRONMENT="production", **values)
    assert line.split(":")[0].split()[0] == next(iter(values))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTP__REQEST_TIMEOUT", "3"),
        ("HTTP__REQUEST_TIMEOUT", "0"),
        ("LOG_LEVEL", "canary"),
        ("SERVER__PORT", "canary"),
    ],
)
def test_a_wrong_value_is_named(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    [line] = refuse(environment, **{name: value})
    assert line.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("name", "level"), [("development", "ERROR"), ("production", "INFO")]
)
def test_the_env_file_is_read_everywhere_but_in_production(
    environment: pytest.MonkeyPatch, name: str, level: str
) -> None:
    Path(".env").write_text("LOG_LEVEL=ERROR\n")
    environment.setenv("ENVIRONMENT", name)
    assert load_settings().log_level == level


def test_the_environment_wins_over_files(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Path(".env").write_text("LOG_LEVEL=ERROR\n")
    (tmp_path / "log_level").write_text("DEBUG\n")
    environment.setenv("LOG_LEVEL", "WARNING")
    assert load_settings(tmp_path).log_level == "WARNING"


def test_secrets_are_read_from_files(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.delenv("SECRET_KEY")
    (tmp_path / "secret_key").write_text(f"{RANDOM}\n")
    (tmp_path / "api__max_page_size").write_text("50\n")
    settings = load_settings(tmp_path)
    assert settings.secret_key.get_secret_value() == RANDOM
    assert settings.api.max_page_size == 50


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("HTTP__REQUEST_TIMEOUT", "2.5", 2.5),
        ("HTTP__REQUEST_TIMEOUT", "", 30),
        ("HTTP__TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1", ("10.0.0.0/8", "192.0.2.1")),
        ("http__max_body_bytes", "10", 10),
    ],
)
def test_a_setting_of_a_group_is_named_after_it(
    environment: pytest.MonkeyPatch, name: str, text: str, value: object
) -> None:
    environment.setenv(name, text)
    group, field = name.lower().split("__")
    assert getattr(getattr(load_settings(), group), field) == value


def test_production_logs_json_and_shows_no_documentation(
    environment: pytest.MonkeyPatch,
) -> None:
    for name, in_production in (("development", False), ("production", True)):
        environment.setenv("ENVIRONMENT", name)
        settings = load_settings()
        assert settings.log_as_json == in_production
        assert settings.docs_enabled == (not in_production)
    environment.setenv("LOG_FORMAT", "text")
    environment.setenv("API__DOCS", "true")
    settings = load_settings()
    assert (settings.log_as_json, settings.docs_enabled) == (False, True)
