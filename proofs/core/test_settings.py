"""Settings and the variables of other programs that share the environment."""

from secrets import token_hex, token_urlsafe

import pytest

from app.config import Settings, load_settings
from app.core.project import is_random

GROUPS = ["API", "CORS", "DATABASE", "HTTP", "SERVER", "mail", "MAIL", "ACCOUNTS"]
FOREIGN = ["__CF_USER_TEXT_ENCODING", "LC__", "npm_config__auth", "NX__CACHE", "X__"]


@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize("value", ["/var/mail/root", "{}", "null", "[1]", '{"a": 1}'])
def test_the_bare_name_of_a_group_is_no_setting(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    expected = load_settings()
    environment.setenv(name, value)
    assert load_settings() == expected


def test_a_setting_of_a_group_is_read_beside_its_bare_name(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("SERVER", "/usr/bin/server")
    environment.setenv("SERVER__PORT", "8001")
    assert load_settings().server.port == 8001


@pytest.mark.parametrize("name", FOREIGN)
def test_variables_of_other_programs_are_left_alone(
    environment: pytest.MonkeyPatch, name: str
) -> None:
    environment.setenv(name, "canary")
    assert isinstance(load_settings(), Settings)


@pytest.mark.parametrize(
    ("name", "meant"),
    [("HTPP__BODY_TIMEOUT", "HTTP"), ("SEVER__PORT", "SERVER"), ("COR__X", "CORS")],
)
def test_a_misspelt_group_is_refused(
    environment: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    environment.setenv(name, "canary")
    with pytest.raises(SystemExit) as caught:
        load_settings()
    line = f"{name}: is no setting; did you mean {meant}__?"
    assert str(caught.value).splitlines()[1:] == [line]


@pytest.mark.parametrize("quote", ["'", '"'])
def test_quotes_around_a_value_are_not_of_it(
    environment: pytest.MonkeyPatch, quote: str
) -> None:
    for name, value in (("SERVER__PORT", "8001"), ("PROJECT_NAME", "it's")):
        environment.setenv(name, f"{quote}{value}{quote}")
    settings = load_settings()
    assert (settings.server.port, settings.project_name) == (8001, "it's")


def test_a_platform_says_where_to_listen(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PORT", "8002")
    assert load_settings().server.port == 8002
    environment.setenv("SERVER__PORT", "8001")
    assert load_settings().server.port == 8001


def test_a_port_that_is_none_is_of_another_program(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("PORT", "/dev/ttyUSB0")
    assert load_settings().server.port == 8000


@pytest.mark.parametrize(
    "secret",
    [
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "192B9BDD22AB9ED4D12E236C78AFCB9A393EC15F71BBF5DC987D54727823BCBF",
        "abcdefgh" * 4,
        "Wq3-rT9x8Lm!" * 3,
        "Wq3-rT9x8LmKz41v" * 2 + "Wq3-",
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "01234567890123456789012345678901",
        "a-string-secret-at-least-256-bits-long",
        "django-insecure-4k0!x2v9q7w8e1r6t5y3u",
        "please-CHANGE-this-0a9s8d7f6g5h4j3k",
        "  Wq3-rT9x8LmKz41v                        ",
    ],
)
def test_production_refuses_a_secret_that_others_know_or_guess(
    environment: pytest.MonkeyPatch, secret: str
) -> None:
    environment.setenv("ENVIRONMENT", "production")
    environment.setenv("SECRET_KEY", secret)
    with pytest.raises(SystemExit, match="SECRET_KEY must be a random value of 32"):
        load_settings()


def test_what_generators_make_is_random() -> None:
    makers, sizes = (token_hex, token_urlsafe), (24, 32, 64) * 50
    assert all(is_random(make(size)) for make in makers for size in sizes)


@pytest.mark.parametrize("level", ["info", "Warning", "ERROR"])
def test_a_level_is_written_as_other_programs_do(
    environment: pytest.MonkeyPatch, level: str
) -> None:
    environment.setenv("LOG_LEVEL", level)
    assert load_settings().log_level == level.upper()


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("DEBUG", "app:*", "must be true or false"),
        ("API__DOCS", "canary", "must be true or false"),
        (
            "LOG_LEVEL",
            "trace",
            "Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'",
        ),
        (
            "ENVIRONMENT",
            "local",
            "Input should be 'development', 'test' or 'production'",
        ),
    ],
)
def test_what_means_something_else_elsewhere_is_told_what_it_is_here(
    environment: pytest.MonkeyPatch, name: str, value: str, meant: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(SystemExit) as caught:
        load_settings()
    assert str(caught.value).splitlines()[1:] == [f"{name}: {meant}"]
