"""What somebody sends, within every limit, costs little: it would hold up everybody."""

import time
from collections.abc import Mapping
from typing import NamedTuple

import httpx2
import pytest

SIZE = 131_072
"""The most that is read of a body, where a route says nothing else."""
MOST = 40
"""Requests for nothing that one of them may cost in time of the processor."""


class Shape(NamedTuple):
    """A request."""

    url: str = "/samples"
    body: str = ""
    media_type: str = "application/json"
    headers: Mapping[str, str] = {}
    method: str = "POST"


def filled(unit: str, begin: str = "", end: str = "", size: int = SIZE) -> str:
    """Return as much of something as there may be."""
    return begin + unit * ((size - len(begin) - len(end)) // len(unit)) + end


FORM = "application/x-www-form-urlencoded"
PART = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb\r\n'
SHAPES = {
    "unknown names": Shape(
        body="{" + ",".join(f'"{n:x}":1' for n in range(SIZE // 11)) + "}"
    ),
    "one name": Shape(body=filled('"name":"a",', "{", '"name":"a"}')),
    "lists": Shape(body=filled("[],", "[", "1]")),
    "lists in lists": Shape(body="[" * 900 + "]" * 900),
    "endless lists": Shape(body="[" * SIZE),
    "objects": Shape(body=filled("{},", "[", "1]")),
    "numbers": Shape(body=filled("1,", "[", "1]")),
    "long numbers": Shape(body=filled("9" * 4000 + ",", "[", "1]")),
    "fractions": Shape(body=filled("1e308,", "[", "1]")),
    "a text": Shape(body=filled("a", '{"name":"', '"}')),
    "escapes": Shape(body=filled("\\u00e9", '{"name":"', '"}')),
    "backslashes": Shape(body=filled("\\", '{"name":"')),
    "combining": Shape(body=filled("a\u0301", '{"name":"', '"}', SIZE // 3)),
    "spaces": Shape(body=filled(" ")),
    "ampersands": Shape(body=filled("&"), media_type=FORM),
    "fields": Shape(body=filled("a=b&"), media_type=FORM),
    "percents": Shape(body=filled("%41", "name="), media_type=FORM),
    "parts": Shape(
        body=filled(PART, end="--x--"), media_type="multipart/form-data; boundary=x"
    ),
    "no type": Shape(body=filled("[],", "[", "1]"), media_type=""),
    "a query": Shape(filled("a&", "/samples?", size=16_000), method="GET"),
    "sort keys": Shape(filled("name,", "/samples?sort=", size=16_000), method="GET"),
    "limits": Shape(filled("limit=1&", "/samples?", size=16_000), method="GET"),
    "a cursor": Shape(filled("A", "/samples?cursor=", size=8_000), method="GET"),
    "a path": Shape(filled("a/", "/", size=16_000), method="GET"),
    "an id": Shape(filled("a", "/samples/", size=16_000), method="GET"),
    "cookies": Shape(headers={"Cookie": filled("a=b;", size=60_000)}, method="GET"),
    "a token": Shape(headers={"Authorization": filled("a.", "Bearer ", size=60_000)}),
    "kinds": Shape(headers={"Accept": filled("a/b,", size=60_000)}, method="GET"),
    "proxies": Shape(headers={"X-Forwarded-For": filled("1.2.3.4,", size=60_000)}),
    "tags": Shape(headers={"If-Match": filled('"1",', size=60_000)}, method="PUT"),
    "a key": Shape(headers={"Idempotency-Key": filled("a", size=60_000)}),
}


async def cost(client: httpx2.AsyncClient, shape: Shape) -> float:
    """Return the seconds of the processor that a request costs at best."""
    headers = {"Content-Type": shape.media_type, **shape.headers}
    costs = []
    for _ in range(3):
        before = time.process_time()
        response = await client.request(
            shape.method, shape.url, content=shape.body.encode(), headers=headers
        )
        costs.append(time.process_time() - before)
        assert response.status_code < 500
    return min(costs)


@pytest.mark.parametrize("name", SHAPES)
async def test_a_request_of_any_shape_costs_little(
    client: httpx2.AsyncClient, name: str
) -> None:
    unit = await cost(client, Shape("/nowhere", method="GET"))
    assert await cost(client, SHAPES[name]) < MOST * unit
