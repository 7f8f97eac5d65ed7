"""Secrets stay out of the log."""

import json
from io import StringIO
from typing import Any

import pytest
import structlog
from fastapi import APIRouter

from app.core.logging import configure_logging
from proofs.fixtures.custom import MakeClient
from proofs.fixtures.log import ReadLog

CANARY = "canary-7f3e"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnktN2YzZSJ9.Y2FuYXJ5LTdmM2U"
TEXTS = [
    f"password={CANARY}",
    f"password: {CANARY}",
    f"{{'password': '{CANARY}', 'name': 'x'}}",
    f'{{"refresh_token": "{CANARY}"}}',
    f"new_password='{CANARY}'",
    f"GET /?api_key={CANARY}&a=b",
    f"Authorization: Bearer {CANARY}",
    f"Authorization: Basic {CANARY}",
    f"{{'authorization': 'Digest {CANARY}'}}",
    f"Cookie: session={CANARY}; theme=dark",
    f"Cookie: theme=dark; session={CANARY}",
    f"[(b'cookie', b'session={CANARY}')]",
    f"cannot connect to db://user:{CANARY}@host:5432/name",
    f"cannot connect to redis://:{CANARY}@host",
    f"cannot connect to db://user:p@ss{CANARY}@host/name",
    f"Bearer {CANARY}",
    JWT,
]

router = APIRouter()


@router.get("/fails/{number}")
async def fail(number: int) -> None:
    raise RuntimeError(TEXTS[number])


def written(**values: Any) -> dict[str, Any]:
    stream = StringIO()
    configure_logging("INFO", json=True, stream=stream)
    structlog.get_logger().info("event", **values)
    line: dict[str, Any] = json.loads(stream.getvalue())
    return line


@pytest.mark.parametrize("number", range(len(TEXTS)))
async def test_the_trace_of_an_error_has_no_secret(
    make_client: MakeClient, log: ReadLog, number: int
) -> None:
    headers = {"Authorization": f"Bearer {CANARY}", "Cookie": f"session={CANARY}"}
    response = await make_client(router).get(
        f"/fails/{number}?token={CANARY}", headers=headers
    )
    lines = log()
    assert response.status_code == lines[-1]["status"] == 500
    assert "RuntimeError" in lines[0]["exception"]
    for secret in (CANARY, JWT, JWT.split(".")[1]):
        assert secret not in str(lines) + response.text + str(response.headers)


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "hashed_password",
        "passwd",
        "SECRET_KEY",
        "client_secret",
        "refresh_token",
        "Authorization",
        "Set-Cookie",
        "api_key",
        "apiKey",
        "X-API-Key",
        "credentials",
    ],
)
@pytest.mark.usefixtures("restored_logging")
def test_a_secret_is_known_by_its_key(key: str) -> None:
    assert written(**{key: CANARY})[key] == "[redacted]"
    assert CANARY not in str(written(data={"a": [{"b": ({key: CANARY},)}]}))
    assert CANARY not in str(written(**{key: {"nested": [CANARY]}}))


@pytest.mark.usefixtures("restored_logging")
def test_what_is_no_secret_is_kept() -> None:
    values = {
        "thing": "Lamp",
        "count": 3,
        "amount": 2.5,
        "done": True,
        "none": None,
        "tags": ["a"],
    }
    line = written(**values, address="https://example.com:8000/a@b", password=None)
    assert values.items() <= line.items()
    assert line["address"] == "https://example.com:8000/a@b"
    assert line["password"] is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("\ud800", "\\ud800"),
        ({"\udfff": "x"}, "{'\\\\udfff': 'x'}"),
        ({1: "a"}, "{'1': 'a'}"),
        (10**30, str(10**30)),
        (float("nan"), "nan"),
        (ValueError("\ud800"), "\\ud800"),
        ({"a": [10**30]}, "{'a': [1000000000000000000000000000000]}"),
    ],
)
@pytest.mark.usefixtures("restored_logging")
def test_no_value_breaks_a_line(value: object, text: str) -> None:
    assert str(written(value=value)["value"]) == text
