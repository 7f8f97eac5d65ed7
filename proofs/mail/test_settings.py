"""Settings of mail."""

import pytest

from app.config import load_settings
from proofs.accounts.refusals import assert_refused


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"MAIL__BACKEND": "pigeon"}, "MAIL__BACKEND: "),
        ({"MAIL__PORT": "0"}, "MAIL__PORT: "),
        ({"MAIL__SECURITY": "ssl"}, "MAIL__SECURITY: "),
        ({"MAIL__SENDER": "nobody"}, "MAIL__SENDER: must be an e-mail address"),
        (
            {"MAIL__SENDER": "a@b.test, c@d.test"},
            "MAIL__SENDER: must be an e-mail address",
        ),
        (
            {"MAIL__FRONTEND_URL": "app.example.com"},
            "MAIL__FRONTEND_URL: must be an address",
        ),
        (
            {"MAIL__FRONTEND_URL": "javascript://a.test"},
            "MAIL__FRONTEND_URL: must be an address",
        ),
        (
            {"MAIL__FRONTEND_URL": "https://a@b.test"},
            "MAIL__FRONTEND_URL: must be an address",
        ),
        (
            {"MAIL__FRONTEND_URL": "https://a.test/?b"},
            "MAIL__FRONTEND_URL: must have no query",
        ),
        (
            {"MAIL__FRONTEND_URL": "https://a.test/#b"},
            "MAIL__FRONTEND_URL: must have no query",
        ),
        ({"MAIL__USERNAME": "mailer"}, "MAIL: username and password"),
        ({"MAIL__PASSWORD": "canary"}, "MAIL: username and password"),
        ({"MAIL__RESET_MINUTES": "0"}, "MAIL__RESET_MINUTES: "),
        ({"MAIL__SERVER": "mail.test"}, "MAIL__SERVER: "),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    environment: pytest.MonkeyPatch, values: dict[str, str], named: str
) -> None:
    for name, text in values.items():
        environment.setenv(name, text)
    assert_refused(named)


@pytest.mark.parametrize(
    ("host", "is_refused"),
    [
        ("mail.example.com", True),
        ("10.0.0.1", True),
        ("localhost", False),
        ("127.0.0.1", False),
    ],
)
def test_the_password_is_sent_in_plain_text_to_this_machine_alone(
    environment: pytest.MonkeyPatch, host: str, *, is_refused: bool
) -> None:
    login = {
        "HOST": host,
        "SECURITY": "none",
        "USERNAME": "mailer",
        "PASSWORD": "canary",
    }
    for name, text in login.items():
        environment.setenv(f"MAIL__{name}", text)
    if is_refused:
        with pytest.raises(SystemExit, match="MAIL: password must not be sent"):
            load_settings()
    else:
        assert load_settings().mail.host == host


def test_production_needs_no_setting_of_mail(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ENVIRONMENT", "production")
    settings = load_settings()
    assert (settings.mail_backend, settings.mail_worker_enabled) == ("smtp", True)


@pytest.mark.parametrize(("name", "worker"), [("development", True), ("test", False)])
def test_elsewhere_mail_is_written_into_a_folder(
    environment: pytest.MonkeyPatch, name: str, *, worker: bool
) -> None:
    environment.setenv("ENVIRONMENT", name)
    settings = load_settings()
    assert (settings.mail_backend, settings.mail_worker_enabled) == ("folder", worker)


def test_links_of_production_are_encrypted(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MAIL__FRONTEND_URL", "http://localhost:3000/")
    assert load_settings().mail.frontend_url == "http://localhost:3000"
    environment.setenv("ENVIRONMENT", "production")
    with pytest.raises(SystemExit, match="MAIL__FRONTEND_URL must begin with https"):
        load_settings()
