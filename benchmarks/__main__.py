"""Prints the comparison as Markdown: `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import platform
import tempfile
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

from benchmarks import report
from benchmarks.measure import Targets, measure
from benchmarks.project import Project, prepare
from benchmarks.server import serve

DATABASES = ("postgresql", "sqlite")
FEATURES = ("bare", "bare again", "request", "guard", "access-log", "problems", "rendered")
WHOLE = ("bare", "bare again", "rendered")
STATIC = "/bench/static"
LISTS = {
    "list of 20": "/api/v1/items?limit=20&total=false",
    "list of 20 with total": "/api/v1/items?limit=20",
}


def main() -> None:
    """Measure on each database that is there."""
    arguments = parse_arguments()
    packages = ("fastapi", "starlette", "pydantic", "sqlalchemy", "uvicorn")
    pins = ", ".join(f"{name} {version(name)}" for name in packages)
    print(f"Python {platform.python_version()}, {pins}\n")
    print(report.HEAD)
    for database in arguments.database or DATABASES:
        with tempfile.TemporaryDirectory() as folder, prepare(database, Path(folder)) as project:
            if project is None:
                print(f"| no {database} server, not measured |")
                continue
            compare(database, project, arguments)


def compare(database: str, project: Project, arguments: argparse.Namespace) -> None:
    """Measure one rendered project."""
    with_features = database == (arguments.database or DATABASES)[0]
    names = FEATURES if with_features else WHOLE
    with ExitStack() as stack:
        kinds = [name.removesuffix(" again") for name in names]
        servers = [stack.enter_context(serve(kind, project)) for kind in kinds]
        targets: Targets = dict(zip(names, servers, strict=True))
        chosen = {name: targets[name] for name in WHOLE}
        if with_features:
            rows = measure(targets, STATIC, arguments.rounds * 2, arguments.seconds)
            print(report.rows("static", rows))
        for label, path in LISTS.items():
            rows = measure(chosen, path, arguments.rounds, arguments.seconds)
            print(report.rows(f"{label}, {database}", rows))
        print(report.memory(database, chosen))


def parse_arguments() -> argparse.Namespace:
    """Read what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--database", action="append", choices=DATABASES)
    parser.add_argument("--rounds", type=int, default=8, help="how often targets take turns (8)")
    parser.add_argument("--seconds", type=float, default=0.5, help="length of a burst (0.5)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
