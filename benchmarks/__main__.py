"""Prints the comparison as Markdown: `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import platform
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

from benchmarks import report
from benchmarks.callers import measure_limits
from benchmarks.copying import measure_copying
from benchmarks.floods import measure_floods
from benchmarks.logins import measure_logins
from benchmarks.measure import Targets, measure
from benchmarks.project import Project, prepare
from benchmarks.refusals import measure_refusals
from benchmarks.server import serve

DATABASES = ("postgresql", "sqlite")
FEATURES = (
    *("bare", "bare again", "request", "guard", "access-log", "problems", "limits"),
    *("rendered", "served"),
)
WHOLE = ("bare", "bare again", "rendered")
WITH_ACCOUNTS = ("bare-accounts", "bare-accounts again", "rendered")
STATIC = "/bench/static"
LIST = "/api/v1/items?limit=20&total=false"
LISTS = {
    "list of 20": LIST,
    "list of 20 with total": "/api/v1/items?limit=20",
}


def main() -> None:
    """Measure what was asked for."""
    arguments = parse_arguments()
    # As Ctrl-C does: servers are ended and databases dropped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    packages = ("fastapi", "starlette", "pydantic", "sqlalchemy", "uvicorn", "python-jose")
    pins = ", ".join(f"{name} {version(name)}" for name in packages)
    print(f"Python {platform.python_version()}, {pins}")
    for part in arguments.parts or PARTS:
        PARTS[part](arguments)


@contextmanager
def prepared(database: str, auth: str, limits: str = "memory") -> Iterator[Project | None]:
    """Prepare a project in a folder that is removed in the end."""
    with (
        tempfile.TemporaryDirectory() as folder,
        prepare(database, Path(folder), auth, limits) as project,
    ):
        if project is None:
            print(f"\nThere is no server for {database}, limits in {limits}: not measured.\n")
        yield project


def compare_lists(arguments: argparse.Namespace) -> None:
    """Compare projects without accounts to the bare application."""
    print(f"\n{report.HEAD}")
    for database in arguments.database or DATABASES:
        with prepared(database, "none") as project:
            if project:
                compare(database, project, arguments)


def compare(database: str, project: Project, arguments: argparse.Namespace) -> None:
    """Measure one rendered project."""
    with_features = database == (arguments.database or DATABASES)[0]
    with serving(FEATURES if with_features else WHOLE, project) as targets:
        chosen = {name: targets[name] for name in WHOLE}
        if with_features:
            rows = measure(targets, STATIC, arguments.rounds * 2, arguments.seconds)
            print(report.rows("static", rows))
        for label, path in LISTS.items():
            rows = measure(chosen, path, arguments.rounds, arguments.seconds)
            print(report.rows(f"{label}, {database}", rows))
        print(report.memory(database, chosen))


def compare_accounts(arguments: argparse.Namespace) -> None:
    """Compare projects with accounts to a bare application that has them too."""
    print(f"\n{report.HEAD}")
    for database in arguments.database or DATABASES:
        with prepared(database, "jwt") as project:
            if project:
                with serving(WITH_ACCOUNTS, project) as targets:
                    rows = measure(targets, LIST, arguments.rounds, arguments.seconds)
                    print(report.rows(f"authenticated list of 20, {database}", rows))
                    print(report.memory(f"{database} with accounts", targets))


@contextmanager
def serving(names: tuple[str, ...], project: Project) -> Iterator[Targets]:
    """Serve some targets at the same time; one may be there again."""
    with ExitStack() as stack:
        kinds = [name.removesuffix(" again") for name in names]
        servers = [stack.enter_context(serve(kind, project)) for kind in kinds]
        yield dict(zip(names, servers, strict=True))


def limit(arguments: argparse.Namespace) -> None:
    """Measure limits for few callers and for many."""
    database = (arguments.database or DATABASES)[0]
    with prepared(database, "jwt") as project, prepared(database, "jwt", "redis") as shared:
        if project:
            print(f"\n{report.HEAD}")
            for lines in measure_limits(project, shared, arguments.rounds, arguments.seconds):
                print(lines, flush=True)


def log_in(arguments: argparse.Namespace) -> None:
    """Measure what logins cost others."""
    with prepared("postgresql", "jwt") as project:
        if project:
            print(f"\n{measure_logins(project, arguments.rounds * arguments.seconds)}")


def refuse(arguments: argparse.Namespace) -> None:
    """Measure refused logins."""
    with prepared("postgresql", "jwt") as project:
        if project:
            print(f"\n{measure_refusals(project, arguments.attempts)}")


def flood(arguments: argparse.Namespace) -> None:
    """Measure what costly requests of strangers cost others."""
    with prepared("sqlite", "jwt") as project:
        if project:
            print(f"\n{measure_floods(project, arguments.attempts)}")


def copy(arguments: argparse.Namespace) -> None:
    """Measure what the template costs whoever copies it."""
    print(f"\n{measure_copying(arguments.rounds)}")


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "lists": compare_lists,
    "accounts": compare_accounts,
    "limits": limit,
    "logins": log_in,
    "refusals": refuse,
    "floods": flood,
    "copying": copy,
}


def parse_arguments() -> argparse.Namespace:
    """Read what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)} (all)")
    parser.add_argument("--database", action="append", choices=DATABASES, help="of the lists")
    parser.add_argument("--rounds", type=int, default=8, help="how often targets take turns (8)")
    parser.add_argument("--seconds", type=float, default=0.5, help="length of a burst (0.5)")
    parser.add_argument("--attempts", type=int, default=300, help="refused logins of a kind (300)")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"there is no part {min(unknown)}")
    return arguments


if __name__ == "__main__":
    main()
