"""Rows as CSV: all of them, as they can be imported again, and no formula among them."""

import csv
from io import StringIO
from typing import Any

import httpx2
import pytest

from app.core.csv import exports
from app.core.csv.cells import read, written
from app.core.csv.imports import MAX_IMPORTED
from proofs.resources.answer import Resource, everything
from proofs.resources.rows import Maker, refusal

TEXTS = ["=1+1", "+1", "-a", "-1.5", "@x", "\ta", "\ra", "'", "''=", "", '"a",\nb', "ü"]
able = [one for one in everything() if {*one.csv} >= {"export", "import"}]
each_table = pytest.mark.parametrize("one", able, ids=lambda one: one.name)
GIVEN = {"id", "created_at", "updated_at"}


async def exported(
    client: httpx2.AsyncClient, one: Resource, query: str = ""
) -> tuple[str, list[dict[str, str]]]:
    """Return a table, and its rows by the names of the columns."""
    response = await client.get(f"{one.url}/export{query}")
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("attachment; ")
    text = response.content.decode()
    return text, list(csv.DictReader(StringIO(text, newline="")))


async def send(
    client: httpx2.AsyncClient,
    one: Resource,
    table: str | bytes,
    query: str = "",
    media_type: str = "text/csv",
) -> httpx2.Response:
    """Import a table."""
    headers = {"Content-Type": media_type}
    url = f"{one.url}/import{query}"
    return await client.post(url, content=table, headers=headers)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_no_formula_and_is_read_as_it_was(text: str) -> None:
    cell = written(text)
    assert cell[:1] not in {*"=+@\t\r"}
    assert cell[:1] != "-" or float(cell) < 0
    assert read(cell, {"string"}) == text


@each_table
async def test_what_is_exported_can_be_imported(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    texts = [field.name for field in one.fields if field.type in ("str", "text")]
    for text in TEXTS[:6]:
        words = dict.fromkeys(texts, f"{text.strip()},\"'")
        await maker.create(one, full=not one.rules, **words)
    await maker.create(one)
    table, rows = await exported(client, one)
    assert len(rows) == 7
    shown = (await client.get(f"{one.url}?sort=created_at")).json()["items"]
    for row in shown:
        deleted = await client.delete(f"{one.url}/{row[one.address or 'id']}")
        assert deleted.status_code == 204
    imported = await send(client, one, f"\ufeff{table}")
    assert imported.status_code == 200, imported.text
    assert [one["status"] for one in imported.json()["results"]] == [201] * 7
    again = (await client.get(f"{one.url}?sort=created_at")).json()["items"]
    changed = GIVEN | {name for name, _ in one.numbers}
    for before, after in zip(shown, again, strict=True):
        kept = {name: said for name, said in before.items() if name not in changed}
        assert after == after | kept


@each_table
async def test_all_that_match_are_exported_in_parts(
    client: httpx2.AsyncClient,
    maker: Maker,
    monkeypatch: pytest.MonkeyPatch,
    one: Resource,
) -> None:
    monkeypatch.setattr(exports, "PART", 2)
    made = [(await maker.create(one))["id"] for _ in range(5)]
    _, rows = await exported(client, one)
    assert [row["id"] for row in rows] == [str(key) for key in made]
    later = "?created_at__gte=2999-01-01T00:00:00Z"
    text, rows = await exported(client, one, later)
    assert (rows, text.count("\n")) == ([], 1)
    paged = await client.get(f"{one.url}/export?limit=2&sort=created_at")
    assert refusal(paged) == (422, ["limit", "sort"])
    wrong = await client.get(f"{one.url}/export?nonsense=1")
    assert refusal(wrong) == (422, ["nonsense"])


@each_table
async def test_a_dry_run_tells_the_same_and_writes_nothing(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    body: dict[str, Any] = await maker.body(one)
    names = ",".join(body)
    good = ",".join(str(said) for said in body.values())
    wrong = f"{names}\n{good}\n{good},more\n"
    for query in ("", "?dry_run=true"):
        refused = await send(client, one, wrong, query)
        assert refusal(refused) == (422, ["rows.1"])
        assert refused.json()["results"][0]["index"] == 1
    tried = await send(client, one, f"{names}\n{good}\n", "?dry_run=true")
    assert [found["status"] for found in tried.json()["results"]] == [201]
    assert await maker.found(one.url) == []


@each_table
async def test_what_is_no_table_is_refused(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    body = await maker.body(one)
    names = ",".join(body)
    many = f"{names}\n" + "1\n" * (MAX_IMPORTED + 1)
    tables: list[tuple[str | bytes, int]] = [
        ("", 422),
        (names, 422),
        ("nonsense\n1\n", 422),
        (f"{names},{names}\n", 422),
        (many, 422),
        (b"\xff\xfe", 400),
        ('"', 400),
        ("x" * 200_000, 413),
    ]
    for table, status in tables:
        refused = await send(client, one, table)
        assert refused.status_code == status, table[:20]
    other = await send(client, one, f"{names}\n", media_type="application/json")
    assert other.status_code in (400, 415)
    assert await maker.found(one.url) == []
