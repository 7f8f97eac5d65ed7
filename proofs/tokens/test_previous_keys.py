"""Former secret keys: what they have signed is still read, so they must be as good as the new."""

from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from app.config import Settings, load_settings
from proofs.accounts.refusals import assert_refused
from proofs.fixtures.custom import MakeApp

NAME = "JWT__PREVIOUS_SECRET_KEYS"
PRESENT = "canary-0123456789-0123456789-0123456789"
FORMER = "canary-9876543210-9876543210-9876543210"
WEAK = [
    f"change-me-{FORMER}",
    f"CHANGE-ME-{FORMER}",
    "canary" * 8,
    f"{FORMER},{'a' * 44}",
]


@pytest.fixture
def production(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> pytest.MonkeyPatch:
    """Set what production needs, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", PRESENT)
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    return monkeypatch


@pytest.mark.parametrize("keys", WEAK)
def test_production_refuses_a_former_key_that_can_be_guessed(
    production: pytest.MonkeyPatch, keys: str
) -> None:
    production.setenv(NAME, keys)
    assert_refused(NAME)


@pytest.mark.parametrize("keys", WEAK)
def test_development_takes_any_former_key(
    production: pytest.MonkeyPatch, keys: str
) -> None:
    production.setenv("ENVIRONMENT", "development")
    production.setenv(NAME, keys)
    former = load_settings().jwt.previous_secret_keys
    assert [key.get_secret_value() for key in former] == keys.split(",")


def test_production_reads_the_tokens_of_a_good_former_key(
    production: pytest.MonkeyPatch, make_app: MakeApp
) -> None:
    production.setenv(NAME, FORMER)
    loaded = load_settings()
    before = make_app(secret_key=SecretStr(FORMER)).state.access_tokens
    after = make_app(secret_key=loaded.secret_key, jwt=loaded.jwt).state.access_tokens
    user_id, session_id = uuid4(), uuid4()
    claims = after.read(before.issue(user_id, session_id))
    assert (claims.sub, claims.sid) == (user_id, session_id)
