"""Runs the management commands: `python -m app`."""

import sys

from app.core.http.probe import health

if __name__ == "__main__":
    # The other commands load the whole application. These two need not: one is run all the
    # time, and one may only watch the processes that serve.
    if sys.argv[1:2] == ["health"]:
        health(sys.argv[2:])
    if sys.argv[1:2] == ["serve"]:
        from app.config import load_settings
        from app.core.http.server import serve

        serve(sys.argv[2:], obj=load_settings)
    from app.cli import cli

    cli()
