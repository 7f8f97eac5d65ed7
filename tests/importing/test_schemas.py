"""Public schemas become lists of resources; `test_adoption` makes projects of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from importer.__main__ import main
from importer.language import refusals
from tests.importing.conftest import HERE, Fill

SCHEMAS = {"chinook": "sqlite", "northwind": "postgresql", "sakila": "mysql"}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_becomes_a_list_that_the_template_takes(
    name: str, fill: Fill, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = fill(SCHEMAS[name], (HERE / f"{name}.sql").read_text())
    file = tmp_path / "resources.yml"
    assert main([url, "--to", str(file)]) == 0
    assert capsys.readouterr().err == (HERE / f"{name}.txt").read_text()
    assert file.read_text() == (HERE / f"{name}.yml").read_text()
    resources = yaml.safe_load(file.read_text())["resources"]
    assert refusals(resources) == []
