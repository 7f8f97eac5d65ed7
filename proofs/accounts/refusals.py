"""What is said of settings that are refused."""

import pytest

from app.config import load_settings


def assert_refused(beginning: str) -> None:
    """Make sure that the settings are refused in one line, which repeats no `canary`.

    Args:
        beginning: How the line begins: with the name of the setting.
    """
    with pytest.raises(SystemExit) as caught:
        load_settings()
    _, line = str(caught.value).splitlines()
    assert line.startswith(beginning)
    assert "canary" not in line
