"""What limits cost: in memory and in Redis, and for few callers and very many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from urllib.request import Request, urlopen

from benchmarks import report
from benchmarks.bare import POOL_SIZE
from benchmarks.measure import Targets, measure
from benchmarks.project import LIMIT, Project
from benchmarks.server import Server, serve

STATIC = "/bench/static"
LIST = "/api/v1/items?limit=20&total=false"
FEW, MANY = 10, 100_000
FILLING_SECONDS = 1

Wanted = Mapping[str, tuple[str, Project, int]]
"""By the name of its row: the kind of a target, whose it is, and how many callers it has."""


def measure_limits(
    project: Project, shared: Project | None, rounds: int, seconds: float
) -> Iterator[str]:
    """Give the lines of a table.

    Args:
        project: Counts in memory.
        shared: Counts in Redis; `None` where there is none.
        rounds: How often targets take turns.
        seconds: Length of a burst.
    """
    in_redis = {"redis": ("rendered", shared, 0)} if shared else {}
    one = {
        "bare-accounts": ("bare-accounts", project, 0),
        "bare-accounts again": ("bare-accounts", project, 0),
        "rendered": ("rendered", project, 0),
        **in_redis,
    }
    with serving(one) as targets:
        yield from compare(targets, rounds, seconds)
    trusting = project.environment | {"HTTP__TRUSTED_PROXIES": "127.0.0.1"}
    behind = replace(project, environment=trusting)
    for callers in (FEW, MANY):
        same = {
            f"bare, {callers:,} callers": ("bare-accounts", behind, callers),
            f"rendered, {callers:,} callers": ("rendered", behind, callers),
        }
        with serving(same) as targets:
            yield from compare(targets, rounds, seconds)
            check(targets[f"rendered, {callers:,} callers"])


@contextmanager
def serving(wanted: Wanted) -> Iterator[Targets]:
    """Serve all at the same time; every caller has been there before."""
    with ExitStack() as stack:
        targets = {
            name: replace(stack.enter_context(serve(kind, project)), callers=callers)
            for name, (kind, project, callers) in wanted.items()
        }
        for server in targets.values():
            nobody = without_login(server)
            while nobody.answered < nobody.callers:
                nobody.load(STATIC, FILLING_SECONDS, POOL_SIZE)
        yield targets


def without_login(server: Server) -> Server:
    """Ask as nobody: who is logged in is counted as a user, wherever the requests come from."""
    return replace(server, authorization="")


def compare(targets: Targets, rounds: int, seconds: float) -> Iterator[str]:
    """Measure a route that needs nothing, and a list that needs a login."""
    nobody = {name: without_login(server) for name, server in targets.items()}
    yield report.rows("static", measure(nobody, STATIC, rounds * 2, seconds))
    yield report.rows("authenticated list of 20", measure(targets, LIST, rounds, seconds))
    yield report.memory("limits", targets)


def check(server: Server) -> None:
    """Make sure that callers are remembered.

    Raises:
        RuntimeError: If the first one is not: then there were not so many.
    """
    url = f"http://127.0.0.1:{server.port}{STATIC}"
    with urlopen(Request(url, headers={"X-Forwarded-For": "10.0.0.0"})) as answer:
        left = int(answer.headers["RateLimit"].split(";")[1].removeprefix("r="))
    if LIMIT - left < 2:
        raise RuntimeError("The first of many callers has been forgotten.")
