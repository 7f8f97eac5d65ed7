"""What docs/security.md says about the limits of every request is what the settings are."""

import re
from pathlib import Path

from app.core.settings import HttpSettings, PaginationSettings, ServerSettings

GUIDE = (Path(__file__).parents[2] / "docs" / "security.md").read_text()
GROUPS = {
    "HTTP": HttpSettings(),
    "PAGINATION": PaginationSettings(),
    "SERVER": ServerSettings(),
}
LIMITS = re.findall(rf"(?m)^\| `({'|'.join(GROUPS)})__([A-Z_]+)` \| (\S+) \|", GUIDE)


def test_the_limits_in_the_guide_are_those_of_the_settings() -> None:
    found = [
        (group, name, str(getattr(GROUPS[group], name.lower())))
        for group, name, _ in LIMITS
    ]
    assert found == LIMITS
    assert {"BODY_TIMEOUT", "HEADER_TIMEOUT", "MAX_BODY_BYTES", "MAX_LIMIT"} <= {
        name for _, name, _ in LIMITS
    }
