"""Settings of limits that make no sense are refused at the start, by name."""

import pytest

from app.config import load_settings


@pytest.mark.parametrize(
    "text", ["often", "0/minute", "-1/minute", "10", "10/fortnight", ";", "9/2 years"]
)
def test_what_is_no_limit_is_refused(
    environment: pytest.MonkeyPatch, text: str
) -> None:
    environment.setenv("RATE_LIMIT__DEFAULT", text)
    with pytest.raises(
        SystemExit, match="RATE_LIMIT__DEFAULT: must be limits such as 100/minute"
    ):
        load_settings()


@pytest.mark.parametrize(
    "text", ["5/second", "100 per 2 minutes", "1/second;10/minute, 50/day"]
)
def test_limits_are_written_as_is_usual(
    environment: pytest.MonkeyPatch, text: str
) -> None:
    environment.setenv("RATE_LIMIT__DEFAULT", text)
    assert load_settings().rate_limit.default == text
