"""Writes results as rows of one Markdown table."""

from __future__ import annotations

from benchmarks.measure import Row, Targets

HEAD = """\
| what | target | requests/s | ratio | CPU us/request | added us | ratio by CPU |
| --- | --- | ---: | ---: | ---: | ---: | ---: |"""

TITLES = {
    "bare-accounts": "bare",
    "bare-accounts again": "bare again",
    "request": "+ request id, security headers",
    "guard": "+ guard (host, body, time)",
    "access-log": "+ access log",
    "problems": "+ problem handlers",
    "limits": "+ limits in memory",
    "rendered": "the rendered project",
    "served": "the rendered project, its own protocol",
    "redis": "the rendered project, limits in Redis",
}


def rows(what: str, results: dict[str, Row]) -> str:
    """Give a line for each target."""
    bare = next(iter(results.values()))
    return "\n".join(
        f"| {what} | {TITLES.get(name, name)} | {row.per_second:,.0f} | {row.ratio:.2f} "
        f"| {row.cpu_us:.1f} | {row.cpu_us - bare.cpu_us:+.1f} | {row.cpu_ratio:.2f} |"
        for name, row in results.items()
    )


def memory(database: str, targets: Targets) -> str:
    """Give a line for each target's memory after all the load."""
    return "\n".join(
        f"| memory, {database} | {TITLES.get(name, name)} | {server.memory_mib:.0f} MiB | | | | |"
        for name, server in targets.items()
    )
