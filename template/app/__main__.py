"""Runs the management commands: `python -m app`."""

import sys

from app.core.http.probe import health

if __name__ == "__main__":
    if sys.argv[1:2] == ["health"]:
        # The other commands load the whole application; this one must not wait for it.
        health(sys.argv[2:])
    from app.cli import cli

    cli()
