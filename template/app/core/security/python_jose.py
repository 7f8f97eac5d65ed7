"""Signatures of JSON Web Tokens, by python-jose: one algorithm, three functions."""

from functools import partial

from jose import jwk, jws, jwt
from jose.exceptions import JOSEError

SignatureError = JOSEError
load_key = partial(jwk.construct, algorithm="HS256")
sign = partial(jwt.encode, algorithm="HS256")
verify = partial(jws.verify, algorithms=["HS256"])
