"""Transactions: one for each request, committed before its answer."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import anyio.to_thread
import httpx2
import pytest
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import func, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from starlette.requests import HTTPConnection

from app.db.session import NOT_YOURS, SessionDep, create_sessions, get_session
from proofs.fixtures.sample import SampleValues
from proofs.sample.dependencies import SampleServiceDep
from proofs.sample.models import Sample
from proofs.sample.schemas import SampleCreate

URL = "/samples"
APP = Path(__file__).parents[2] / "app"
Use = Callable[[AsyncSession], Awaitable[object]]


async def add(session: AsyncSession) -> None:
    session.add(Sample(name="Lost"))


async def read(session: AsyncSession) -> None:
    await session.scalar(select(func.count()).select_from(Sample))


async def connect(session: AsyncSession) -> None:
    await session.connection()


async def end(session: AsyncSession) -> None:
    await session.commit()


def after_the_answer(use: Use) -> Callable[..., Awaitable[None]]:
    async def endpoint(session: SessionDep, tasks: BackgroundTasks) -> None:
        await read(session)
        tasks.add_task(use, session)

    return endpoint


def in_another_task(use: Use) -> Callable[..., Awaitable[None]]:
    async def endpoint(session: SessionDep) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(use(session))

    return endpoint


def while_streaming(use: Use) -> Callable[..., Awaitable[StreamingResponse]]:
    async def stream(session: AsyncSession) -> AsyncIterator[str]:
        await use(session)
        yield "row"

    async def endpoint(session: SessionDep) -> StreamingResponse:
        return StreamingResponse(stream(session))

    return endpoint


def in_a_thread(use: Use) -> Callable[..., Awaitable[None]]:
    async def endpoint(session: SessionDep) -> None:
        def run() -> None:
            with suppress(StopIteration):
                use(session).__await__().send(None)

        await anyio.to_thread.run_sync(run)

    return endpoint


MISUSES = [after_the_answer, in_another_task, while_streaming, in_a_thread]


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


@pytest.mark.parametrize("use", [add, read, connect, end])
@pytest.mark.parametrize("misuse", MISUSES)
async def test_a_session_that_outlives_its_request_or_is_shared_fails_at_once(
    client: httpx2.AsyncClient,
    add_route: Callable[..., None],
    use: Use,
    misuse: Callable[[Use], Callable[..., Awaitable[object]]],
) -> None:
    errors = list[str]()

    async def refused(session: AsyncSession) -> None:
        try:
            await use(session)
        except RuntimeError as error:
            errors.append(str(error))

    add_route("/misuse", misuse(refused))
    await client.get("/misuse")
    assert errors == [NOT_YOURS]


async def test_a_websocket_is_lent_no_session(app: FastAPI) -> None:
    connection = HTTPConnection({"type": "websocket", "app": app})
    with pytest.raises(RuntimeError, match=re.escape(NOT_YOURS)):
        await anext(get_session(connection))


async def test_what_has_ended_is_never_opened_again(engine: AsyncEngine) -> None:
    async with create_sessions(engine).begin() as session:
        await read(session)
    with pytest.raises(InvalidRequestError, match="permanently closed"):
        await read(session)
