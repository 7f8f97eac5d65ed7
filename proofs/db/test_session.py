"""Transactions: one for each request, committed before its answer."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.db.session import SessionDep
from proofs.fixtures.sample import SampleValues
from proofs.sample.dependencies import SampleServiceDep
from proofs.sample.models import Sample
from proofs.sample.schemas import SampleCreate

URL = "/samples"
APP = Path(__file__).parents[2] / "app"


async def test_an_error_rolls_back_its_own_request_only(
    client: httpx2.AsyncClient, add_route: Callable[..., None], session: AsyncSession
) -> None:
    async def write_and_fail(samples: SampleServiceDep) -> None:
        await samples.create(SampleCreate(name="Half"))
        raise RuntimeError

    add_route("/fail", write_and_fail)
    await client.post(URL, json={"name": "Whole"})
    assert (await client.get("/fail")).status_code == 500
    assert list(await session.scalars(select(Sample.name))) == ["Whole"]


async def test_a_failed_commit_is_an_error_and_not_a_lie(
    client: httpx2.AsyncClient,
    add_route: Callable[..., None],
    sample_values: SampleValues,
) -> None:
    async def write_late(session: SessionDep) -> dict[str, str]:
        session.add_all(
            [Sample(**sample_values(name=name)) for name in ("Same", "SAME")]
        )
        return {"status": "written"}

    add_route("/late", write_late, methods=["POST"])
    response = await client.post("/late")
    assert response.status_code == 409
    assert list(response.json()["field_errors"]) == ["name"]


@pytest.mark.committed
async def test_one_of_many_equal_requests_wins(
    client: httpx2.AsyncClient, sessions: async_sessionmaker[AsyncSession]
) -> None:
    names = ["Lamp", "LAMP"] * 6
    responses = await asyncio.gather(
        *(client.post(URL, json={"name": name}) for name in names)
    )
    assert sorted(response.status_code for response in responses) == [201] + [409] * 11
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Sample)) == 1


@pytest.mark.committed
async def test_writers_at_the_same_time_all_succeed(client: httpx2.AsyncClient) -> None:
    requests = (
        client.post(URL, json={"name": f"Sample {number}"}) for number in range(20)
    )
    responses = await asyncio.gather(*requests)
    assert [response.status_code for response in responses] == [201] * 20
    page = (await client.get(URL)).json()
    assert page["total"] == 20


@pytest.mark.committed
async def test_a_sample_that_many_change_and_delete_is_gone_once(
    client: httpx2.AsyncClient,
) -> None:
    url = (await client.post(URL, json={"name": "Lamp"})).headers["Location"]
    changes = [
        client.patch(url, json={"name": f"Lamp {number}"}) for number in range(8)
    ]
    deletions = [client.delete(url) for _ in range(4)]
    responses = await asyncio.gather(*changes, *deletions)
    assert [response.status_code for response in responses].count(204) == 1
    assert {response.status_code for response in responses} <= {200, 204, 404}


@pytest.mark.committed
async def test_readers_at_the_same_time_as_a_writer_see_what_is_committed(
    client: httpx2.AsyncClient, session: AsyncSession, sample_values: SampleValues
) -> None:
    session.add(Sample(**sample_values(name="Not yet")))
    await session.flush()
    response = await client.get(URL)
    assert (response.status_code, response.json()["total"]) == (200, 0)
    await session.commit()
    assert (await client.get(URL)).json()["total"] == 1


def test_there_is_one_way_to_a_session() -> None:
    callers = [path for path in APP.rglob("*.py") if "get_session" in path.read_text()]
    outside = {path.relative_to(APP).parts[0] for path in callers} - {"db"}
    assert outside == set()
