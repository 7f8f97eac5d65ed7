"""Sample data is for development."""

import pytest
from click.testing import CliRunner

from app.config import Settings
from tools.seed import seed


def test_production_gets_no_samples(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(Settings, "in_production", property(lambda _: True))
    result = CliRunner().invoke(seed, obj=lambda: settings)
    assert result.exit_code == 1
    assert result.output == "Error: Samples are for development, not for production.\n"
