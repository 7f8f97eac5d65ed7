"""Sample data is for development."""

import pytest
from click.testing import CliRunner
from tools.seed import seed

from app.config import Settings


def test_production_gets_no_samples(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(Settings, "in_production", property(lambda _: True))
    result = CliRunner().invoke(seed, obj=lambda: settings)
    assert result.exit_code == 1
    assert result.output == "Error: Samples are for development, not for production.\n"
