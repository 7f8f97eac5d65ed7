"""Lists that are searched for words."""

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.resource.repository import Repository
from app.core.resource.search import finding
from app.core.resource.search.repository import MOST, ids_with
from proofs.resources.answer import Resource, resources
from proofs.resources.rows import Maker, refusal

FOUND = ("stra\u00dfe", "STRASSE", "Nine Oak", "oak%2C nine!", "nin")
ABSENT = ("oak pine", "elm", "nine strasse oak elm")


def searched(one: Resource) -> list[str]:
    """Return the fields of a resource in which words are looked for."""
    return [field.name for field in one.fields if field.search]


each_searched = pytest.mark.parametrize(
    "one", [one for one in resources() if searched(one)], ids=lambda one: one.name
)


@each_searched
async def test_rows_are_found_by_all_words(maker: Maker, one: Resource) -> None:
    await maker.create(one, **dict.fromkeys(searched(one), "Ashes"))
    # Each word in any of the texts.
    words = iter(("Stra\u00dfe", "(nine) oak"))
    texts = {name: next(words, "oak") for name in searched(one)[:2]}
    if len(texts) == 1:
        texts = dict.fromkeys(texts, "Stra\u00dfe, (nine) oak")
    row = await maker.create(one, **texts)
    for query in FOUND:
        assert await maker.found(one.url, f"q={query}") == [row["id"]], query
    for query in ABSENT:
        assert await maker.found(one.url, f"q={query}") == [], query


@each_searched
async def test_what_is_changed_is_found_by_its_new_words(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    name = searched(one)[0]
    row = await maker.create(one, **{name: "Old oak"})
    await client.patch(f"{one.url}/{row['id']}", json={name: "New elm"})
    assert await maker.found(one.url, "q=oak") == []
    assert await maker.found(one.url, "q=elm") == [row["id"]]


@each_searched
async def test_pages_of_a_search_follow_each_other(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    name = searched(one)[0]
    rows = [await maker.create(one, **{name: f"Oak {n}"}) for n in range(3)]
    first = (await client.get(f"{one.url}?q=oak&limit=2")).json()
    assert (first["total"], first["has_more"]) == (3, True)
    rest = f"limit=2&cursor={first['next_cursor']}"
    assert await maker.found(one.url, f"q=oak&{rest}") == [rows[0]["id"]]
    other = await client.get(f"{one.url}?q=elm&{rest}")
    assert refusal(other) == (422, ["cursor"])


@each_searched
@pytest.mark.parametrize("query", ["", "%25_!", "+".join(map(str, range(MOST + 1)))])
async def test_no_words_and_too_many_are_refused(
    client: httpx2.AsyncClient, one: Resource, query: str
) -> None:
    refused = await client.get(f"{one.url}?q={query}")
    assert refusal(refused) == (422, ["q"])


@each_searched
async def test_without_an_index_few_rows_are_looked_at(
    client: httpx2.AsyncClient,
    maker: Maker,
    one: Resource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = searched(one)[0]
    rows = [await maker.create(one, **{name: f"Oak {n}"}) for n in range(2)]
    monkeypatch.setattr(Repository, "max_scanned", 1)
    response = await client.get(f"{one.url}?q=oak")
    if finding.HAS_INDEX:
        assert [row["id"] for row in response.json()["items"]] == [
            row["id"] for row in reversed(rows)
        ]
    else:
        assert refusal(response) == (422, ["q"])


@each_searched
async def test_a_database_with_an_index_uses_it(
    session: AsyncSession, one: Resource
) -> None:
    columns = [f"{name}_key" for name in searched(one)]
    found = ids_with(one.table, columns, ["oak"]).__clause_element__()
    compiled = found.compile(session.get_bind())
    if finding.HAS_INDEX:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        explained = await session.execute(
            text(f"EXPLAIN {found.compile(compile_kwargs={'literal_binds': True})}")
        )
        plan = "\n".join(explained.scalars())
        assert plan.count("fts_") == len(columns), plan
    else:
        assert " LIKE " in str(compiled)
