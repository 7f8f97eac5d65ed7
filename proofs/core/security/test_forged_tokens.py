"""Access tokens that are not ours (RFC 8725)."""

import pytest

from app.core.security.jwt import key_id
from proofs.core.security.forged import (
    KEY,
    MISSING,
    OLD_KEY,
    SESSION,
    encoded,
    header,
    payload,
    public_key,
    refused,
    signed,
    tokens,
)

DEEP = b"[" * 1400 + b"]" * 1400


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", None, MISSING])
@pytest.mark.parametrize("signature", ["", "AAAA", "A" * 43])
def test_a_token_must_be_signed(alg: object, signature: str) -> None:
    assert refused(f"{encoded(header(alg=alg))}.{encoded(payload())}.{signature}")
    assert refused(signed(header(alg=alg), payload()))


@pytest.mark.parametrize(
    ("alg", "digest"),
    [("HS384", "sha384"), ("HS512", "sha512"), ("hs256", "sha256"), ("HS", "sha256")],
)
def test_only_one_algorithm_is_accepted(alg: str, digest: str) -> None:
    assert refused(signed(header(alg=alg), payload(), algorithm=digest))
    assert refused(signed(header(), payload(), algorithm=digest)) is (
        digest != "sha256"
    )


@pytest.mark.parametrize("alg", ["HS256", "RS256", "ES256", "PS256", "EdDSA"])
def test_a_public_key_is_no_secret(alg: str) -> None:
    assert refused(signed(header(alg=alg), payload(), public_key()))
    with pytest.raises(ValueError, match="public key"):
        tokens(public_key().decode())


def test_each_character_of_a_token_matters() -> None:
    token = signed(header(), payload())
    for place, character in enumerate(token):
        for other in "AB_.!\n":
            assert other == character or refused(
                token[:place] + other + token[place + 1 :]
            )
        assert refused(token[:place] + token[place + 1 :])


def test_no_two_texts_are_the_same_token() -> None:
    token = signed(header(), payload())
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet.index(token[-1])
    others = [token[:-1] + alphabet[last ^ bits] for bits in (1, 2, 3)]
    others += [
        token + "=",
        token + "\n",
        f" {token}",
        token + "!",
        f"{token}.",
        f"{token}.{token}",
    ]
    assert all(refused(other) for other in others)


def test_parts_of_two_tokens_make_no_token() -> None:
    one, other = (
        signed(header(), payload()),
        signed(header(), payload(sub=str(SESSION))),
    )
    head, body, signature = one.split(".")
    assert refused(f"{head}.{other.split('.')[1]}.{signature}")
    assert refused(f"{head}.{body}.{other.split('.')[2]}")
    assert refused(f"{encoded(header(typ=MISSING))}.{body}.{signature}")


@pytest.mark.parametrize(
    "key", ["", "secret", "change-me", "your-256-bit-secret", OLD_KEY]
)
def test_a_token_of_another_key_is_refused(key: str) -> None:
    assert refused(signed(header(), payload(), key))
    assert refused(signed(header(kid=key_id(key)), payload(), key))


@pytest.mark.parametrize(
    "kid",
    [
        MISSING,
        None,
        "",
        "../../../../dev/null",
        "/etc/passwd",
        "' OR 1=1 --",
        "' UNION SELECT 'secret",
        "http://evil.test/key",
        key_id(OLD_KEY),
        key_id(KEY).upper(),
        "\x00",
        "\ud800",
        0,
        1.5,
        True,
        [key_id(KEY)],
        {"kid": key_id(KEY)},
    ],
)
def test_a_token_must_name_a_known_key(kid: object) -> None:
    assert refused(signed(header(kid=kid), payload()))


@pytest.mark.parametrize(
    "more",
    [
        {"crit": []},
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": False},
        {"jwk": {"kty": "oct", "k": encoded(KEY.encode())}},
        {"jku": "http://evil.test/keys"},
        {"x5u": "http://evil.test/certificate"},
        {"x5c": ["AAAA"]},
        {"cty": "JWT"},
        {"zip": "DEF"},
        {"typ": "at+jwt"},
        {"typ": ["JWT"]},
        {"unknown": 1},
    ],
)
def test_a_header_may_say_nothing_else(more: dict[str, object]) -> None:
    assert refused(signed(header(**more), payload()))


@pytest.mark.parametrize(
    "head",
    [
        b"[]",
        b"null",
        b'"HS256"',
        b"1",
        b"{",
        b"",
        b"\xff\xfe",
        b"{}",
        b"[" * 1400,
        DEEP,
    ],
)
def test_a_header_must_be_one(head: bytes) -> None:
    assert refused(signed(head, payload()))


@pytest.mark.parametrize(
    "body",
    [b"[]", b"null", b"1", b"NaN", b"{", b"", b"\xff\xfe", b"{}", b"[" * 1400, DEEP],
)
def test_claims_must_be_some(body: bytes) -> None:
    assert refused(signed(header(), body))


def test_a_key_in_a_header_twice_is_read_once() -> None:
    twice = header()[:-1] + b', "alg": "none"}'
    assert refused(signed(twice, payload()))
    assert refused(signed(b'{"crit": ["x"], ' + header()[1:], payload()))


@pytest.mark.parametrize(
    "name", ["typ", "iss", "aud", "sub", "sid", "jti", "iat", "exp"]
)
@pytest.mark.parametrize(
    "value", [MISSING, None, [], {}, True, 1.5, float("inf"), float("nan")]
)
def test_every_claim_is_needed(name: str, value: object) -> None:
    assert refused(signed(header(), payload(**{name: value})))


@pytest.mark.parametrize(
    "changes",
    [
        {"typ": "refresh"},
        {"typ": "reset"},
        {"typ": "ACCESS"},
        {"iss": "another-shop"},
        {"iss": ""},
        {"aud": "another-shop"},
        {"aud": ["shop"]},
        {"sub": "1"},
        {"sub": "' OR 1=1 --"},
        {"sub": "../admin"},
        {"sub": 1},
        {"sid": ""},
        {"sid": "\x00"},
        {"exp": "9999999999"},
        {"exp": -1},
        {"exp": 1e300},
        {"iat": "0"},
        {"nbf": "0"},
        {"nbf": None},
    ],
)
def test_a_token_for_another_purpose_is_refused(changes: dict[str, object]) -> None:
    assert refused(signed(header(), payload(**changes)))


def test_a_long_token_is_not_read() -> None:
    fitting = signed(header(), payload(more="a" * 2500))
    long = signed(header(), payload(more="a" * 3000))
    assert len(fitting) < 4096 < len(long)
    assert not refused(fitting)
    assert refused(long)
    assert refused("a" * 1_000_000)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "...", "a.b.c", "Bearer x", "é.é.é", "\ud800", "\x00"]
)
def test_other_text_is_no_token(text: str) -> None:
    assert refused(text)
    assert refused(f"{text}.{text}.{'A' * 43}")
