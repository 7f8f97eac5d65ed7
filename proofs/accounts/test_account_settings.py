"""Settings of accounts."""

import pytest

from app.config import load_settings
from proofs.accounts.refusals import assert_refused


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("ACCOUNTS__IDLE_DAYS", "0.5", 0.5),
        ("ACCOUNTS__REQUIRE_VERIFIED", "true", True),
        ("AUDIT__RETENTION_DAYS", "30", 30),
        ("PASSWORDS__MEMORY_KIB", "47104", 47104),
        ("PASSWORDS__MIN_LENGTH", "15", 15),
        ("PASSWORDS__REQUIRE_DIGIT", "yes", True),
        ("THROTTLE__FAILURES", "5", 5),
        ("THROTTLE__MAILS", "", 3),
    ],
)
def test_accounts_can_be_configured(
    environment: pytest.MonkeyPatch, name: str, text: str, value: object
) -> None:
    environment.setenv(name, text)
    group, field = name.lower().split("__")
    assert getattr(getattr(load_settings(), group), field) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ACCOUNTS__IDLE_DAYS", "0"),
        ("ACCOUNTS__SESSION_DAYS", "366"),
        ("ACCOUNTS__IDEL_DAYS", "7"),
        ("AUDIT__RETENTION_DAYS", "0"),
        ("PASSWORDS__MIN_LENGTH", "7"),
        ("PASSWORDS__CONCURRENCY", "0"),
        ("PASSWORDS__MEMORY_KIB", "7"),
        ("THROTTLE__FAILURES", "0"),
        ("THROTTLE__FAILURES_PER_ACCOUNT", "-1"),
        ("THROTTLE__FAILURES_PER_CLIENT", "many"),
        ("THROTTLE__REGISTRATIONS", "0"),
        ("THROTTLE__MAILS", "0"),
        ("SECRET_KEY", "canary-of-thirty-one-characters"),
        ("SECRET_KEY", "canary"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    environment: pytest.MonkeyPatch, name: str, text: str
) -> None:
    environment.setenv(name, text)
    assert_refused(f"{name}: ")


@pytest.mark.parametrize(
    ("values", "named"),
    [
        (
            {"ACCOUNTS__IDLE_DAYS": "8", "ACCOUNTS__SESSION_DAYS": "7"},
            "ACCOUNTS: idle_days",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    environment: pytest.MonkeyPatch, values: dict[str, str], named: str
) -> None:
    for name, text in values.items():
        environment.setenv(name, text)
    with pytest.raises(SystemExit, match=named):
        load_settings()


@pytest.mark.parametrize("name", ["development", "test", "production"])
def test_a_short_key_signs_nothing_anywhere(
    environment: pytest.MonkeyPatch, name: str
) -> None:
    environment.setenv("ENVIRONMENT", name)
    environment.setenv("SECRET_KEY", "aB3" * 10)
    with pytest.raises(SystemExit, match="SECRET_KEY: must have 32 bytes or more"):
        load_settings()


def test_production_hashes_no_password_cheaply(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ENVIRONMENT", "production")
    environment.setenv("PASSWORDS__MEMORY_KIB", "19456")
    assert load_settings().passwords.memory_kib == 19456
    environment.setenv("PASSWORDS__MEMORY_KIB", "19455")
    with pytest.raises(SystemExit, match="PASSWORDS__MEMORY_KIB must be 19456 or more"):
        load_settings()
