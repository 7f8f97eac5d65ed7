"""Access tokens."""

import json
import time
from base64 import urlsafe_b64decode
from typing import Any

import pytest

from app.core.security.jwt import LEEWAY, JwtSettings, key_id
from proofs.core.security.forged import (
    KEY,
    OLD_KEY,
    SESSION,
    USER,
    header,
    payload,
    refused,
    signed,
    tokens,
)


def decoded(part: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=="))
    return values


def test_a_token_stands_for_its_user_and_session() -> None:
    for token in (tokens().issue(USER, SESSION), signed(header(), payload())):
        claims = tokens().read(token)
        assert (claims.sub, claims.sid) == (USER, SESSION)


def test_a_token_says_what_it_is_for_and_how_long() -> None:
    head, body, _ = tokens().issue(USER, SESSION).split(".")
    claims = decoded(body)
    assert decoded(head) == {"alg": "HS256", "kid": key_id(KEY), "typ": "JWT"}
    assert claims.keys() == {"typ", "iss", "aud", "sub", "sid", "jti", "iat", "exp"}
    assert (claims["typ"], claims["iss"], claims["aud"]) == ("access", "shop", "shop")
    assert claims["exp"] - claims["iat"] == JwtSettings().lifetime == 900


def test_no_two_tokens_are_the_same() -> None:
    assert tokens().issue(USER, SESSION) != tokens().issue(USER, SESSION)


@pytest.mark.parametrize("key", ["", "short", "a" * 31, "ä" * 15])
def test_a_short_key_signs_nothing(key: str) -> None:
    with pytest.raises(ValueError, match="32 bytes or more"):
        tokens(key)
    with pytest.raises(ValueError, match="32 bytes or more"):
        tokens(KEY, key)


@pytest.mark.parametrize(
    ("claim", "seconds", "valid"),
    [
        ("exp", 5, True),
        ("exp", 5 - LEEWAY, True),
        ("exp", -LEEWAY, False),
        ("exp", -900, False),
        ("nbf", -900, True),
        ("nbf", LEEWAY - 5, True),
        ("nbf", LEEWAY + 5, False),
        ("nbf", 10**30, False),
        ("iat", LEEWAY - 5, True),
        ("iat", LEEWAY + 5, False),
    ],
)
def test_a_token_has_its_time(claim: str, seconds: int, valid: bool) -> None:
    token = signed(header(), payload(**{claim: int(time.time()) + seconds}))
    assert refused(token) is not valid


def test_clocks_may_differ_by_half_a_minute_at_most() -> None:
    assert 0 < LEEWAY <= 30
    assert refused(tokens(lifetime=-30).issue(USER, SESSION))


def test_keys_can_be_changed_without_logging_anyone_out() -> None:
    old, both, new = tokens(OLD_KEY), tokens(KEY, OLD_KEY), tokens(KEY)
    for claims in (
        both.read(old.issue(USER, SESSION)),
        new.read(both.issue(USER, SESSION)),
    ):
        assert (claims.sub, claims.sid) == (USER, SESSION)
    assert refused(old.issue(USER, SESSION), by=new)
    assert refused(both.issue(USER, SESSION), by=old)


def test_the_name_of_one_key_does_not_open_another() -> None:
    both = tokens(KEY, OLD_KEY)
    assert refused(signed(header(kid=key_id(OLD_KEY)), payload(), KEY), by=both)
    assert refused(signed(header(kid=key_id(KEY)), payload(), OLD_KEY), by=both)


def test_a_key_is_not_told() -> None:
    assert KEY not in f"{tokens()!r}{vars(tokens())}{key_id(KEY)}"
    settings = JwtSettings.model_validate({"previous_secret_keys": f"{KEY}, {OLD_KEY}"})
    assert [key.get_secret_value() for key in settings.previous_secret_keys] == [
        KEY,
        OLD_KEY,
    ]
    assert KEY not in repr(settings)


@pytest.mark.parametrize(
    "values",
    [{"previous_secret_keys": f"{KEY},short"}, {"lifetime": 0}, {"lifetime": 3601}],
)
def test_settings_that_weaken_tokens_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"32 bytes|less than|greater than"):
        JwtSettings.model_validate(values)
