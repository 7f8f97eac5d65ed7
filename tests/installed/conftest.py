"""Installs the corners in the background."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore

import pytest

from tests.installed import pythons
from tests.installed.corners import Corner, Outcome, use
from tests.suites import servers
from tests.support.render import render

Outcomes = dict[str, Future[Outcome]]


def pytest_report_header() -> str:
    return f"installed on Python {', '.join(pythons.found())}, of {', '.join(pythons.NEWEST_FIRST)}"


@pytest.fixture(scope="session")
def installed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the corners are installed."""
    return tmp_path_factory.mktemp("installed", numbered=False)


@pytest.fixture(scope="session")
def outcomes(
    request: pytest.FixtureRequest,
    pytestconfig: pytest.Config,
    slots: BoundedSemaphore,
    installed_folder: Path,
) -> Iterator[Outcomes]:
    """What became of each chosen corner, as soon as it is known."""
    calls = [getattr(item, "callspec", None) for item in request.session.items]
    corners = [call.params["corner"] for call in calls if call and "corner" in call.params]
    # First all renderings, here: each changes this process's folder, so no thread may do it.
    roots = {one: render(one.combination.answers, installed_folder / one.id) for one in corners}
    pool = ThreadPoolExecutor(pytestconfig.getoption("jobs"))
    yield {corner.id: pool.submit(_install, corner, root, slots) for corner, root in roots.items()}
    pool.shutdown(cancel_futures=True)


def _install(corner: Corner, root: Path, slots: BoundedSemaphore) -> Outcome:
    with slots:
        started = time.monotonic()
        server = servers.find(corner.database)
        code, output = use(root, corner, {"TEST_DATABASE_URL": server.url} if server else {})
        return Outcome(code, output, time.monotonic() - started)
