"""A real PgBouncer in front of a database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.faults.serving import PATIENCE
from tests.suites.conftest import required

CONFIGURATION = """\
[databases]
{name} = host={host} port={port} user={user} password={password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
"""


def wait_for(port: int) -> None:
    """Wait until something listens."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)


@contextmanager
def pooler(direct: URL, folder: Path) -> Iterator[str]:
    """Run PgBouncer in front of a database."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        message = "There is no pgbouncer on this machine: install Debian's package of that name."
        (pytest.fail if required() else pytest.skip)(message)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    target = {"host": direct.host or "127.0.0.1", "port": direct.port or 5432}
    login = {"user": direct.username, "password": direct.password or "none"}
    text = CONFIGURATION.format(name=direct.database, listen=port, **target, **login)
    file = folder / "pgbouncer.ini"
    file.write_text(text)
    # It refuses to be root.
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with (folder / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen([program, *user, str(file)], stdout=log, stderr=log)
    try:
        wait_for(port)
        yield direct.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    finally:
        process.terminate()
        process.wait(PATIENCE)
