"""The list of defects fits the template; `just defects` runs the shipped tests on each."""

from __future__ import annotations

import ast

import pytest

from tests.conftest import Render
from tests.defects import Defect, read_defects
from tests.matrix import headline


@pytest.mark.parametrize("defect", read_defects(), ids=lambda one: one.what)
def test_it_can_be_made_and_is_python(defect: Defect, project_of: Render) -> None:
    usual = headline(defect.resources, auth=defect.auth)
    text = project_of(usual).files[defect.file].decode()
    assert text.count(defect.right) >= 1
    ast.parse(text.replace(defect.right, defect.wrong, 1))


def test_there_are_at_least_forty() -> None:
    assert len({one.what for one in read_defects()}) >= 40
