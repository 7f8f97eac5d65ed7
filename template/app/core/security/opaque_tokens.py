"""Secrets that mean nothing by themselves: what they stand for is in the database."""

import hashlib
import hmac
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Make a token of 256 random bits: nobody can guess one, however many there are."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """Return what is stored instead of a token: a stolen database opens nothing.

    A fast hash without salt is right here: 256 random bits, unlike a password, cannot
    be tried out, and the digest must be the same each time for the token to be found by
    it.
    """
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def derive_key(secret: str, purpose: str) -> bytes:
    """Make a key for one purpose from the application's secret.

    What is made with one key says nothing about the others, nor about the secret, so
    that one secret in the settings can serve several purposes.
    """
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")
