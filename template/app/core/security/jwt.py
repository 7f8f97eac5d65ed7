"""Access tokens: JSON Web Tokens that this application alone reads (RFC 8725)."""

import re
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal
from uuid import UUID, uuid4

from jose import jwk, jws, jwt
from jose.exceptions import JOSEError
from jose.utils import base64url_decode
from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

from app.core.addresses import Listed
from app.core.security.opaque_tokens import derive_key
from app.core.settings import Seconds, SettingsGroup

ALGORITHM = "HS256"
MIN_KEY_BYTES = 32
MAX_TOKEN_LENGTH = 4096
MAX_REMEMBERED = 1024
"""Tokens whose signature is not verified again when the next request shows them."""
LEEWAY = 10
"""Seconds by which the clocks of two servers may differ."""

# The last of a signature's 43 characters carries only four bits: were its other
# spellings taken, a token could be changed and still be accepted.
SHAPE = re.compile(r"([\w-]+)\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]", re.ASCII)


class JwtSettings(SettingsGroup):
    """Who signs access tokens, with `SECRET_KEY`, for whom and for how long.

    Attributes:
        issuer, audience: The claims `iss` and `aud`; `None` means the project's name.
        lifetime: Seconds for which an access token is valid.
        previous_secret_keys: Former values of `SECRET_KEY`; their tokens stay valid.
    """

    issuer: str | None = None
    audience: str | None = None
    lifetime: Seconds = 900
    previous_secret_keys: Listed[SecretStr] = ()

    @field_validator("previous_secret_keys")
    @classmethod
    def _refuse_short_keys(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(key.get_secret_value().encode()) < MIN_KEY_BYTES for key in keys):
            raise ValueError(f"each must have {MIN_KEY_BYTES} bytes or more")
        return keys


class InvalidTokenError(Exception):
    """This is not a valid access token; it does not matter why."""


class _Header(BaseModel):
    """All that a header may have: `crit`, `jwk`, `jku` and the like are refused."""

    model_config = ConfigDict(strict=True, extra="forbid")

    alg: Literal["HS256"]
    kid: str
    typ: Literal["JWT"] = "JWT"


class AccessClaims(BaseModel):
    """The claims, all required but `nbf`; times are whole numbers, never texts.

    Attributes:
        sub, sid: The user, and the session that the token ends with.
    """

    model_config = ConfigDict(strict=True)

    typ: Literal["access"]
    iss: str
    aud: str
    sub: UUID
    sid: UUID
    jti: str
    iat: int
    exp: int
    nbf: int = 0


class AccessTokens:
    """Issues and reads access tokens: the first key signs, tokens of all keys are read.

    Raises:
        ValueError: If a key is too short for the algorithm, or is a public key.
    """

    def __init__(
        self, keys: Sequence[str], *, issuer: str, audience: str, lifetime: float
    ) -> None:
        if any(len(key.encode()) < MIN_KEY_BYTES for key in keys):
            raise ValueError(f"Keys must have {MIN_KEY_BYTES} bytes or more.")
        try:
            self._keys = {key_id(key): jwk.construct(key, ALGORITHM) for key in keys}
        except JOSEError:
            raise ValueError("A public key cannot sign tokens.") from None
        self._signing_id = key_id(keys[0])
        self._issuer = issuer
        self._audience = audience
        self.lifetime = lifetime
        self._verify = lru_cache(MAX_REMEMBERED)(self._read_signed)

    def issue(self, user_id: UUID, session_id: UUID) -> str:
        """Sign a token for a user (`sub`), which ends with a session (`sid`)."""
        now = int(time.time())
        claims = {
            "typ": "access",
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(user_id),
            "sid": str(session_id),
            "jti": str(uuid4()),
            "iat": now,
            "exp": int(now + self.lifetime),
        }
        key, headers = self._keys[self._signing_id], {"kid": self._signing_id}
        return jwt.encode(claims, key, ALGORITHM, headers=headers)

    def read(self, token: str) -> AccessClaims:
        """Return what a token says; `InvalidTokenError` if it is not valid now."""
        claims = self._verify(token)
        now = time.time()
        ours = claims.iss == self._issuer and claims.aud == self._audience
        begun = max(claims.iat, claims.nbf) <= now + LEEWAY
        if not ours or not begun or claims.exp <= now - LEEWAY:
            raise InvalidTokenError
        return claims

    def _read_signed(self, token: str) -> AccessClaims:
        """Return the claims; before the signature, only the header is read."""
        parts = SHAPE.fullmatch(token) if len(token) <= MAX_TOKEN_LENGTH else None
        if parts is None:
            raise InvalidTokenError
        try:
            header = _Header.model_validate_json(base64url_decode(parts[1].encode()))
            payload = jws.verify(token, self._keys[header.kid], [ALGORITHM])
            return AccessClaims.model_validate_json(payload)
        except (JOSEError, KeyError, ValueError):
            # Without its cause: that would quote the token in the log.
            raise InvalidTokenError from None


def key_id(key: str) -> str:
    """Return the public name of a key (`kid`), which reveals nothing of it."""
    return derive_key(key, "key id").hex()[:16]
