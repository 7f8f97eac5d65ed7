"""Whatever a database server does, the API says 503 in time, and works as soon as it is over.

The fixture `faulty` ends each test with requests that must work, in the same process.
"""

from __future__ import annotations

from threading import Timer

from tests.faults.conftest import Faulty
from tests.faults.locks import locked_items
from tests.faults.proxy import Fault
from tests.faults.serving import at_once


def everything_is_unavailable(faulty: Faulty) -> bool:
    """Tell whether reading, writing and readiness say 503, while the process says it is alive."""
    api = faulty.api
    alive = lambda: api.get("/health/live")  # noqa: E731
    *failed, living = at_once(api.get, lambda: api.create("Never"), api.readiness, api.get, alive)
    assert living.response.status_code == 200
    assert living.seconds < 0.5
    return all(answer.is_unavailable() for answer in failed)


def test_a_server_that_refuses(faulty: Faulty) -> None:
    faulty.proxy.refuse()
    assert everything_is_unavailable(faulty)
    faulty.proxy.heal()
    assert "Never" not in faulty.api.names()


def test_a_server_that_hangs_up_at_once(faulty: Faulty) -> None:
    faulty.proxy.fault = Fault.CLOSE
    faulty.proxy.cut()
    assert everything_is_unavailable(faulty)


def test_a_server_that_was_restarted_is_not_noticed(faulty: Faulty) -> None:
    faulty.proxy.cut()
    assert faulty.api.works()


def test_connections_that_were_reset_are_not_noticed(faulty: Faulty) -> None:
    faulty.proxy.reset()
    assert faulty.api.works()


def test_connections_that_hang(faulty: Faulty) -> None:
    faulty.proxy.fault = Fault.HANG
    assert everything_is_unavailable(faulty)


def test_a_server_that_hangs_while_it_is_connected_to(faulty: Faulty) -> None:
    faulty.proxy.fault = Fault.HANG
    faulty.proxy.cut()
    assert everything_is_unavailable(faulty)
    faulty.proxy.heal()
    assert "Never" not in faulty.api.names()


def test_a_restart_in_the_middle_of_statements(faulty: Faulty) -> None:
    with locked_items(faulty.url):
        Timer(0.3, faulty.proxy.cut).start()
        answers = at_once(faulty.api.get, lambda: faulty.api.create("Cut off"))
    assert all(answer.is_unavailable() for answer in answers)
    assert "Cut off" not in faulty.api.names()


def test_a_reset_in_the_middle_of_statements(faulty: Faulty) -> None:
    with locked_items(faulty.url):
        Timer(0.3, faulty.proxy.reset).start()
        answers = at_once(faulty.api.get, lambda: faulty.api.create("Reset"))
    assert all(answer.is_unavailable() for answer in answers)
    assert "Reset" not in faulty.api.names()


def test_a_hang_in_the_middle_of_statements(faulty: Faulty) -> None:
    with locked_items(faulty.url):
        Timer(0.3, setattr, (faulty.proxy, "fault", Fault.HANG)).start()
        answers = at_once(faulty.api.get, lambda: faulty.api.create("Stuck"))
    assert all(answer.is_unavailable() for answer in answers)
    faulty.proxy.heal()
    assert "Stuck" not in faulty.api.names()


def test_a_hang_that_ends_by_itself(faulty: Faulty) -> None:
    faulty.proxy.fault = Fault.HANG
    assert faulty.api.get().is_unavailable()
    faulty.proxy.fault = Fault.NONE
    assert faulty.api.works()


def test_a_lost_reply_to_commit_leaves_all_of_it(faulty: Faulty) -> None:
    faulty.proxy.fault = Fault.LOSE_REPLY_TO_COMMIT
    assert faulty.api.create("Committed").is_unavailable()
    faulty.proxy.heal()
    assert faulty.api.names().count("Committed") == 1
    assert faulty.api.create("Committed").response.status_code == 409


def test_a_pool_whose_connections_all_wait(faulty: Faulty) -> None:
    already = faulty.api.log.stat().st_size
    with locked_items(faulty.url):
        answers = at_once(*[faulty.api.get] * 6, lambda: faulty.api.create("Queued"))
    assert all(answer.is_unavailable() for answer in answers)
    assert b"database_pool_exhausted" in faulty.api.log.read_bytes()[already:]
    assert "Queued" not in faulty.api.names()
