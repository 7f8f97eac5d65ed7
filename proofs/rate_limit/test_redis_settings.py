"""Settings of Redis that make no sense are refused at the start, by name."""

import pytest

from app.config import load_settings


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "http://canary:canary@localhost"),
        ("REDIS_URL", "redis://localhost:canary"),
        ("REDIS__TIMEOUT", "0"),
        ("REDIS__FAIL_OPEN", "canary"),
    ],
)
def test_what_makes_no_sense_is_refused(
    environment: pytest.MonkeyPatch, name: str, text: str
) -> None:
    environment.setenv(name, text)
    with pytest.raises(SystemExit, match=f"{name}: ") as refusal:
        load_settings()
    assert "canary" not in str(refusal.value)
