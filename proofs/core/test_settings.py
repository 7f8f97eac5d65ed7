"""Settings and the variables of other programs that share the environment."""

import pytest

from app.config import Settings, load_settings

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
