"""The log: its fields, its levels, and what libraries write to it."""

import json
import logging
from datetime import datetime
from io import StringIO

import pytest
import structlog
from fastapi import APIRouter
from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncEngine

from app.core.logging import configure_logging
from proofs.fixtures.custom import MakeClient
from proofs.fixtures.log import ReadLog

router = APIRouter(prefix="/api/v1")


@router.get("/numbers/{number}")
async def take_number(number: int) -> int:
    return number


@router.get("/things/{thing_id}")
async def get_thing(thing_id: str) -> str:
    structlog.get_logger().info("thing_found", thing=thing_id)
    return thing_id


async def test_every_request_leaves_a_line(
    make_client: MakeClient, log: ReadLog
) -> None:
    await make_client(router).get(
        "/api/v1/things/7?secret=1", headers={"X-Request-ID": "a" * 32}
    )
    line = log()[-1]
    assert datetime.fromisoformat(line.pop("timestamp")).tzinfo
    assert line.pop("duration_ms") >= 0
    assert line == {
        "event": "request",
        "level": "info",
        "request_id": "a" * 32,
        "client": "198.51.100.1",
        "method": "GET",
        "route": "/api/v1/things/{thing_id}",
        "status": 200,
    }


async def test_what_an_endpoint_logs_names_its_request(
    make_client: MakeClient, log: ReadLog
) -> None:
    response = await make_client(router).get("/api/v1/things/7")
    found, request = log()
    assert (found["event"], found["thing"], found["level"]) == (
        "thing_found",
        "7",
        "info",
    )
    assert (
        response.headers["X-Request-ID"] == found["request_id"] == request["request_id"]
    )


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/nowhere/canary", None, 404),
        ("DELETE", "/samples", "/samples", 405),
        ("GET", "/api/v1/numbers/canary", "/api/v1/numbers/{number}", 422),
    ],
)
async def test_a_line_has_the_template_of_the_route_and_not_the_path(
    make_client: MakeClient,
    log: ReadLog,
    method: str,
    path: str,
    route: str,
    status: int,
) -> None:
    await make_client(router).request(method, path)
    line = log()[-1]
    assert (line["method"], line["route"], line["status"]) == (method, route, status)
    assert "canary" not in str(line)


async def test_probes_of_health_leave_no_line(
    make_client: MakeClient, log: ReadLog
) -> None:
    await make_client().get("/health/live")
    assert log() == []


@pytest.mark.usefixtures("restored_logging")
def test_the_log_can_be_read_by_people() -> None:
    stream = StringIO()
    access_log = configure_logging("INFO", json=False, stream=stream)
    access_log.info("request", request_id="a1b2c3d4", status=200, duration_ms=12.3)
    logging.getLogger("library").warning("careful")
    request, warning = stream.getvalue().splitlines()
    assert all(part in request for part in ("request", "a1b2c3d4", "200", "12.3"))
    assert "careful" in warning


@pytest.mark.parametrize("json", [True, False])
@pytest.mark.usefixtures("restored_logging")
def test_what_is_below_the_level_is_not_written(json: bool) -> None:
    stream = StringIO()
    access_log = configure_logging("WARNING", json=json, stream=stream)
    structlog.get_logger().info("quiet")
    logging.getLogger("library").info("quiet")
    access_log.info("request", request_id="a1b2c3d4", status=200)
    assert stream.getvalue() == ""
    structlog.get_logger().warning("loud")
    assert "loud" in stream.getvalue()


@pytest.mark.parametrize(
    "name", ["uvicorn", "uvicorn.error", "sqlalchemy.pool", "library"]
)
@pytest.mark.usefixtures("restored_logging")
def test_libraries_write_to_the_same_log(name: str) -> None:
    stream = StringIO()
    configure_logging("INFO", json=True, stream=stream)
    try:
        raise OSError("broken")
    except OSError:
        logging.getLogger(name).exception("failed for %s", "token=canary")
    line = json.loads(stream.getvalue())
    assert (line["event"], line["logger"]) == ("failed for token=[redacted]", name)
    assert line["level"] == "error"
    assert "OSError: broken" in line["exception"]


@pytest.mark.usefixtures("restored_logging")
def test_lines_of_the_server_about_requests_are_dropped() -> None:
    stream = StringIO()
    configure_logging("INFO", json=True, stream=stream)
    logging.getLogger("uvicorn.access").info("GET /?token=canary")
    assert stream.getvalue() == ""


async def test_statements_are_logged_without_their_values(
    engine: AsyncEngine, log: ReadLog
) -> None:
    configure_logging("INFO", json=True)
    statements = logging.getLogger("sqlalchemy.engine")
    statements.setLevel(logging.INFO)
    async with engine.connect() as connection:
        await connection.execute(select(literal("canary")))
    statements.setLevel(logging.NOTSET)
    lines = log()
    assert any("SELECT" in line["event"] for line in lines)
    assert "canary" not in str(lines)
