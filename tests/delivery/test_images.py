"""An image is really built, and does on a read-only root, as its own user, what it is for."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from uv import find_uv_bin

from tests.delivery.conftest import Tool, miss
from tests.delivery.containers import Buildah, Container, members
from tests.delivery.stand_ins import VERSION, make_python, make_uv
from tests.installed import pythons
from tests.matrix import Answers, headline
from tests.suites import servers
from tests.suites.conftest import WITHOUT
from tests.support.questions import ROOT
from tests.support.render import render

CANARY = "canary-of-a-secret-that-no-image-may-hold"
PATIENCE = 20
TEMPLATE = ROOT / "template/Dockerfile.jinja"
UNWANTED = re.compile(
    r"(^|/)(tests|tools|docs|\.git|\.env|\.secrets|uv|gcc|cc|pytest|ruff|mypy|\.copier-answers\.yml)(/|$)"
)
IN_APP = {"app", "migrations", "pyproject.toml", "var"}
BODY = b'{"email": "ada@example.com", "username": "ada", "password": "night-train-to-oslo"}'
HALVES = BODY[:20], BODY[20:]
REQUEST = (
    b"POST /api/v1/auth/register HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n" % len(BODY)
)


@dataclass(frozen=True)
class Built:
    """A project's image."""

    buildah: Buildah
    tag: str
    answers: Answers


@pytest.fixture(scope="module")
def buildah(tool: Tool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buildah]:
    """The stand-ins, under the names that the Dockerfile has for what it begins with."""
    tool("buildah")
    folder = tmp_path_factory.mktemp("images")
    images = Buildah(folder)
    uv = re.findall(r"UV_VERSION=(\S+)", TEMPLATE.read_text())[0]
    for tag, make in (
        (f"docker.io/library/python:{VERSION}-slim", make_python),
        (f"ghcr.io/astral-sh/uv:{uv}", make_uv),
    ):
        name = tag.split("/")[-1].split(":")[0]
        dockerfile = folder / f"{name}.Dockerfile"
        dockerfile.write_text(make(folder / name))
        images.build(tag, folder / name, dockerfile)
    yield images
    images.remove()


@pytest.fixture(scope="module", params=["sqlite-jwt-image", "postgresql-session-compose"])
def image(
    request: pytest.FixtureRequest, buildah: Buildah, tmp_path_factory: pytest.TempPathFactory
) -> Built:
    """The image of a project with a lock, in a folder that has secrets too."""
    database, auth, docker = request.param.split("-")
    chosen = headline(database=database, auth=auth, rate_limit="memory", docker=docker)
    answers = {**chosen.answers, "python_version": VERSION}
    root = render(answers, tmp_path_factory.mktemp("built") / request.param)
    lock = [find_uv_bin(), "lock", "--quiet"]
    environment = pythons.environment() | {"UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run(lock, cwd=root, env=environment, check=True)
    (root / ".secrets").mkdir()
    for name in (".secrets/secret_key", ".env", "canary.txt"):
        (root / name).write_text(CANARY)
    buildah.build(request.param, root, root / "Dockerfile")
    return Built(buildah, request.param, answers)


@pytest.fixture(scope="module")
def layers(image: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    """Whether the secret is in them: the files of all layers but the lowest, which is not ours."""
    _, *own = image.buildah.layers(image.tag, tmp_path_factory.mktemp("layers"))
    files = {name: raw for layer in own for name, raw in members(layer).items()}
    return {name: CANARY.encode() in raw for name, raw in files.items()}


@contextmanager
def database(answers: Answers) -> Iterator[dict[str, str]]:
    """The setting that leads to an empty database; a file is in the volume without one."""
    if answers["database"] == "sqlite":
        yield {}
        return
    server = servers.find(answers["database"])
    if server is None:
        miss(WITHOUT[answers["database"]])
    name = f"test_{uuid4().hex}"
    server.ask(f"CREATE DATABASE {name}")
    yield {"DATABASE_URL": urlsplit(server.url)._replace(path=f"/{name}").geturl()}
    servers.drop(server, name)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def container(image: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """Its container, with an empty volume or an empty database."""
    config = image.buildah.config(image.tag)
    volume = tmp_path_factory.mktemp("volume")
    os.chown(volume, *map(int, config["User"].split(":")))
    environment = {"SECRET_KEY": uuid4().hex + uuid4().hex, "SERVER__PORT": str(free_port())}
    with image.buildah.mounted(image.tag) as root, database(image.answers) as url:
        yield Container(root, config, volume, environment | url)


@pytest.fixture(scope="module")
def migrated(container: Container) -> subprocess.CompletedProcess[str]:
    """What the container said when it was told to migrate."""
    return container.run("alembic", "upgrade", "head")


@pytest.fixture(scope="module")
def serving(
    container: Container,
    migrated: subprocess.CompletedProcess[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[subprocess.Popen[bytes]]:
    """The container while it runs its own command; the last test of this module ends it."""
    assert migrated.returncode == 0, migrated.stderr
    log = tmp_path_factory.mktemp("serving") / "log"
    process = container.start(log)
    deadline = time.monotonic() + PATIENCE
    while not is_listening(container):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
    health = container.run("python", "-m", "app", "health")
    assert health.returncode == 0, health.stderr
    yield process
    process.kill()
    process.wait()


def test_it_migrates(migrated: subprocess.CompletedProcess[str]) -> None:
    assert migrated.returncode == 0, migrated.stderr
    assert "Running upgrade  -> 0001" in migrated.stdout + migrated.stderr


@pytest.mark.usefixtures("serving")
def test_it_is_ready_when_it_is_migrated(container: Container) -> None:
    connection = HTTPConnection("127.0.0.1", port(container), timeout=PATIENCE)
    connection.request("GET", "/health/ready")
    assert connection.getresponse().status == 200
    connection.close()


def test_it_is_not_root(container: Container, serving: subprocess.Popen[bytes]) -> None:
    status = Path(f"/proc/{serving.pid}/status").read_text()
    ids = re.findall(r"^[UG]id:(.*)$", status, re.MULTILINE)
    assert {number for line in ids for number in line.split()} == {str(container.user)}
    assert container.user > 1000


def test_it_has_nothing_to_write_to_but_its_volume(container: Container) -> None:
    said = container.run(
        "sh", "-c", "cat > /app/app/x || cat > /venv/x || cat > /x || cat > /app/var/x"
    )
    assert said.returncode == 0
    assert said.stderr.count("Read-only file system") == 3


def test_it_says_when_it_is_not_healthy(container: Container) -> None:
    elsewhere = {**container.environment, "SERVER__PORT": str(free_port())}
    ran = replace(container, environment=elsewhere).run("python", "-m", "app", "health")
    assert ran.returncode == 1
    assert ran.stderr.startswith("Error: unhealthy: it does not answer: ")


def test_its_health_check_does_not_load_the_application(container: Container) -> None:
    ran = container.run("python", "-X", "importtime", "-m", "app", "health", "--help")
    assert ran.returncode == 0, ran.stderr
    loaded = {line.rsplit("|")[-1].strip() for line in ran.stderr.splitlines()}
    assert loaded >= {"click", "app.core.http.probe"}
    assert loaded & {"app.cli", "fastapi", "pydantic", "sqlalchemy"} == set()


def test_its_health_check_is_that_command(image: Built) -> None:
    check = image.buildah.config(image.tag)["Healthcheck"]["Test"]
    assert check == ["CMD", "python", "-m", "app", "health"]


def test_it_refuses_to_start_without_a_secret(container: Container) -> None:
    environment = {**container.environment, "SECRET_KEY": ""}
    ended = replace(container, environment=environment).run(*container.config["Cmd"])
    assert ended.returncode == 1
    assert "SECRET_KEY" in ended.stderr


def test_its_layers_hold_what_it_needs_alone(layers: dict[str, bool]) -> None:
    assert layers.keys() >= {"app/app/main.py", "app/migrations/versions/0001_initial.py"}
    ours = [name for name in layers if not name.startswith("venv/lib/")]
    assert [name for name in ours if UNWANTED.search(name)] == []
    assert {name.split("/")[1] for name in layers if name.startswith("app/")} <= IN_APP


def test_its_layers_hold_no_secret(layers: dict[str, bool]) -> None:
    assert [name for name, has_canary in layers.items() if has_canary] == []


def test_its_packages_are_those_of_production(layers: dict[str, bool]) -> None:
    packages = {name.split("/")[4] for name in layers if "/site-packages/" in name}
    assert packages >= {"fastapi", "alembic", "uvicorn"}
    assert packages & {"pytest", "ruff", "mypy", "uv", "pre_commit", "just", "coverage"} == set()


def test_its_code_is_compiled(container: Container) -> None:
    compiled = list((container.root / "app/app").rglob("*.pyc"))
    assert len(compiled) == len(list((container.root / "app/app").rglob("*.py")))
    assert list((container.root / "venv").rglob("fastapi/__pycache__/*.pyc"))


def test_it_says_what_it_is(image: Built) -> None:
    labels = image.buildah.config(image.tag)["Labels"]
    prefix = "org.opencontainers.image."
    assert labels[f"{prefix}title"] == image.answers["project_slug"]
    assert labels[f"{prefix}licenses"] == "MIT"
    assert labels[f"{prefix}revision"] == "unknown"


def test_a_request_in_flight_is_finished_at_the_end(
    container: Container, serving: subprocess.Popen[bytes]
) -> None:
    with socket.create_connection(("127.0.0.1", port(container)), PATIENCE) as connection:
        connection.sendall(REQUEST)
        assert b"100 Continue" in connection.recv(1000)
        connection.sendall(HALVES[0])
        serving.terminate()
        wait_until_refused(container)
        connection.sendall(HALVES[1])
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 201")
    assert serving.wait(PATIENCE) == 0


def port(container: Container) -> int:
    return int(container.environment["SERVER__PORT"])


def is_listening(container: Container) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port(container)), 1).close()
    except OSError:
        return False
    return True


def wait_until_refused(container: Container) -> None:
    """Wait until it has begun to shut down: then it takes no new connection."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port(container)), 1).close()
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            continue
    pytest.fail("It still takes connections.")
