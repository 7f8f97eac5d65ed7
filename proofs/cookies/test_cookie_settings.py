"""Settings of cookies, and what the documentation says of them."""

import pytest

from app.config import load_settings
from app.core.http.request import SAFE_METHODS
from proofs.accounts.permissions import Permission
from proofs.accounts.refusals import assert_refused
from proofs.cookies.cookies import TOKEN
from proofs.fixtures.custom import MakeApp


def test_cookies_can_be_configured(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("COOKIES__SAME_SITE", "lax")
    environment.setenv("COOKIES__USE_INTERVAL", "5")
    cookies = load_settings().cookies
    assert (cookies.same_site, cookies.use_interval) == ("lax", 5)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("COOKIES__SAME_SITE", "none"),
        ("COOKIES__SAME_SITE", "canary"),
        ("COOKIES__USE_INTERVAL", "0"),
        ("COOKIES__USE_INTERVAL", "canary"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    environment: pytest.MonkeyPatch, name: str, text: str
) -> None:
    environment.setenv(name, text)
    assert_refused(f"{name}: ")


def test_the_document_says_that_changes_need_cookie_and_token(
    make_app: MakeApp, permissions: dict[str, Permission]
) -> None:
    document = make_app().openapi()
    schemes = document["components"]["securitySchemes"]
    assert {name: (one["in"], one["name"]) for name, one in schemes.items()} == {
        "session": ("cookie", "session"),
        "csrf": ("header", TOKEN),
    }
    for key, permission in permissions.items():
        method, path = key.split()
        operation = document["paths"][path][method.lower()]
        demanded = {"session"} if method in SAFE_METHODS else {"session", "csrf"}
        found = set().union(*operation.get("security", ()))
        assert (key, found) == (key, demanded if permission.is_protected else set())
        assert "403" in operation["responses"] or method in SAFE_METHODS
