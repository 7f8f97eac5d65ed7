"""Signatures of JSON Web Tokens, by PyJWT: one algorithm, three functions."""

from base64 import urlsafe_b64encode
from functools import partial

import jwt
from jwt.algorithms import HMACAlgorithm

SignatureError = jwt.PyJWTError
sign = partial(jwt.encode, algorithm="HS256")
verify = partial(jwt.PyJWS().decode, algorithms=["HS256"])


def load_key(secret: str) -> jwt.PyJWK:
    """Return a key that no log shows; `SignatureError` if it is a public one."""
    octets = HMACAlgorithm(HMACAlgorithm.SHA256).prepare_key(secret)
    encoded = urlsafe_b64encode(octets).decode()
    return jwt.PyJWK({"kty": "oct", "k": encoded}, "HS256")
