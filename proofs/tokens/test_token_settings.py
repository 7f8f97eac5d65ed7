"""Settings of tokens, and what the documentation says of them."""

import pytest

from app.accounts.scopes import SCOPES
from app.config import load_settings
from proofs.accounts.permissions import Permission
from proofs.accounts.refusals import assert_refused
from proofs.fixtures.custom import MakeApp


def test_the_lifetime_of_access_tokens_can_be_set(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("JWT__LIFETIME", "60")
    assert load_settings().jwt.lifetime == 60


@pytest.mark.parametrize(
    ("name", "text"),
    [("JWT__LIFETIME", "never"), ("JWT__PREVIOUS_SECRET_KEYS", "canary-short")],
)
def test_what_makes_no_sense_is_refused_by_name(
    environment: pytest.MonkeyPatch, name: str, text: str
) -> None:
    environment.setenv(name, text)
    assert_refused(f"{name}: ")


def test_the_document_says_which_scopes_an_operation_demands(
    make_app: MakeApp, permissions: dict[str, Permission]
) -> None:
    document = make_app().openapi()
    scheme = document["components"]["securitySchemes"]["login"]
    assert scheme["flows"]["password"]["scopes"] == SCOPES
    for key, permission in permissions.items():
        method, path = key.lower().split()
        demanded = [{"login": [permission.scope] if permission.scope else []}]
        security = document["paths"][path][method].get("security", [])
        assert (key, security) == (key, demanded if permission.is_protected else [])
