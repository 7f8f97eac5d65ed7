"""Tokens as an attacker makes them: by hand, so that no library refuses to."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.core.security.jwt import AccessTokens, InvalidTokenError, key_id

KEY = "the-key-of-the-tests-0123456789-abc"
OLD_KEY = "an-older-key-of-the-tests-0123456789"
USER = UUID("0198a5b0-0000-7000-8000-000000000001")
SESSION = UUID("0198a5b0-0000-7000-8000-000000000002")
MISSING = object()


def tokens(*keys: str, lifetime: float = 900) -> AccessTokens:
    """Make an issuer."""
    return AccessTokens(
        keys or (KEY,), issuer="shop", audience="shop", lifetime=lifetime
    )


def encoded(part: bytes) -> str:
    """Encode a part of a token."""
    return urlsafe_b64encode(part).decode().rstrip("=")


def changed(values: dict[str, Any], changes: dict[str, Any]) -> bytes:
    """Render values with some of them changed or `MISSING`."""
    merged = values | changes
    kept = {name: value for name, value in merged.items() if value is not MISSING}
    return json.dumps(kept).encode()


def header(**changes: Any) -> bytes:
    """Render a header like those of real tokens."""
    return changed({"alg": "HS256", "kid": key_id(KEY), "typ": "JWT"}, changes)


def payload(**changes: Any) -> bytes:
    """Render claims like those of real tokens."""
    now = int(time.time())
    claims = {
        "typ": "access",
        "iss": "shop",
        "aud": "shop",
        "sub": str(USER),
        "sid": str(SESSION),
        "jti": "1",
        "iat": now,
        "exp": now + 900,
    }
    return changed(claims, changes)


def signed(
    head: bytes, body: bytes, key: str | bytes = KEY, algorithm: str = "sha256"
) -> str:
    """Sign whatever is given."""
    unsigned = f"{encoded(head)}.{encoded(body)}"
    secret = key.encode() if isinstance(key, str) else key
    return f"{unsigned}.{encoded(hmac.digest(secret, unsigned.encode(), algorithm))}"


def public_key() -> bytes:
    """Make a public key, in the form in which such keys are published."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def refused(token: str, by: AccessTokens | None = None) -> bool:
    """Tell whether a token is refused without a reason."""
    try:
        (by or tokens()).read(token)
    except InvalidTokenError as error:
        return not error.args
    return False
