"""Tokens that mean nothing by themselves."""

import re

import pytest

from app.core.security.opaque_tokens import derive_key, digest, new_token


def test_tokens_are_256_random_bits() -> None:
    made = {new_token() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"[\w-]{43}", token, re.ASCII) for token in made)


def test_a_token_is_stored_as_its_digest() -> None:
    token = new_token()
    assert digest(token) == digest(token) != digest(token + " ")
    assert re.fullmatch(r"[0-9a-f]{64}", digest(token))
    assert (
        digest("abc")
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


@pytest.mark.parametrize("text", ["", "\x00", "é", "\ud800", "a" * 100_000])
def test_every_text_has_a_digest(text: str) -> None:
    assert len(digest(text)) == 64


def test_a_secret_serves_several_purposes() -> None:
    keys = [
        derive_key("secret", "one"),
        derive_key("secret", "two"),
        derive_key("other", "one"),
    ]
    assert len(set(keys)) == 3
    assert derive_key("secret", "one") == keys[0]
    assert {len(key) for key in keys} == {32}
