"""What docs/security.md says about limits is what the settings are."""

import re
from pathlib import Path

import pytest

from app.accounts.settings import ThrottleSettings
from app.config import load_settings

GUIDE = (Path(__file__).parents[2] / "docs" / "security.md").read_text()
LIMITS = re.findall(r"(?m)^\| `([A-Z]+)__([A-Z_]+)` \| (\S+) \|", GUIDE)


@pytest.mark.asvs("6.1.1", "7.1.1", "7.1.2")
@pytest.mark.usefixtures("environment")
def test_the_limits_in_the_guide_are_those_of_the_settings() -> None:
    settings = load_settings()
    groups = {group: getattr(settings, group.lower()) for group, _, _ in LIMITS}
    found = [
        (group, name, str(getattr(groups[group], name.lower())))
        for group, name, _ in LIMITS
    ]
    assert found == LIMITS
    assert {"IDLE_DAYS", "SESSION_DAYS", "MAX_SESSIONS"} <= {
        name for _, name, _ in LIMITS
    }


def test_the_guide_names_all_that_slows_guessing_down() -> None:
    named = {name.lower() for group, name, _ in LIMITS if group == "THROTTLE"}
    assert named == set(ThrottleSettings.model_fields)
