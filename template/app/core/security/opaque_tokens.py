"""Random tokens, what is stored of them, and keys derived from the secret."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """Return a token of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what is stored of a token; being random, it needs no salt or slow hash."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def derive_key(secret: str, purpose: str) -> bytes:
    """Derive a key for one purpose; it reveals neither the secret nor other keys."""
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")
