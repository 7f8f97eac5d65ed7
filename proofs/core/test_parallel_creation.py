"""Requests that are sent again before the first one is answered."""

import asyncio
from collections.abc import Callable
from functools import partial

import httpx2
import pytest
from fastapi import Response
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.changes.idempotency import IdempotencyKey, IdempotentCreateDep
from app.core.errors import ConflictError
from proofs.sample.dependencies import SampleServiceDep
from proofs.sample.models import Sample
from proofs.sample.schemas import SampleCreate, SampleRead
from proofs.sample.service import SampleService

URL = "/samples"


async def post_at_once(
    client: httpx2.AsyncClient, url: str, number: int
) -> list[httpx2.Response]:
    headers = {"Idempotency-Key": "the-same"}
    calls = (
        client.post(url, json={"name": "Lamp"}, headers=headers) for _ in range(number)
    )
    return await asyncio.gather(*calls)


async def counts(session: AsyncSession) -> list[int | None]:
    """Count samples and keys."""
    tables = (Sample, IdempotencyKey)
    return [
        await session.scalar(select(func.count()).select_from(table))
        for table in tables
    ]


@pytest.mark.committed
async def test_a_request_is_carried_out_once(
    client: httpx2.AsyncClient, session: AsyncSession
) -> None:
    responses = await post_at_once(client, URL, 12)
    assert {one.status_code for one in responses} == {201}
    assert len({one.content for one in responses}) == 1
    assert len({one.headers["Location"] for one in responses}) == 1
    assert sum("Idempotency-Replayed" in one.headers for one in responses) == 11
    assert await counts(session) == [1, 1]


@pytest.mark.committed
async def test_another_takes_the_place_of_one_that_fails(
    client: httpx2.AsyncClient, add_route: Callable[..., None], session: AsyncSession
) -> None:
    attempts = 0

    async def create(
        data: SampleCreate, samples: SampleServiceDep, creation: IdempotentCreateDep
    ) -> Response:
        return await creation.answer(
            SampleRead, "get_sample", data, partial(fail_first, samples)
        )

    async def fail_first(samples: SampleService, data: SampleCreate) -> Sample:
        nonlocal attempts
        attempts += 1
        await asyncio.sleep(0.05)
        if attempts == 1:
            raise ConflictError("Not this time.")
        return await samples.create(data)

    add_route("/fragile", create, methods=["POST"])
    responses = await post_at_once(client, "/fragile", 8)
    # Those who wait for one that fails may be told to come again: some databases end a
    # deadlock so.
    statuses = [one.status_code for one in responses]
    assert set(statuses) <= {201, 409, 503}
    assert statuses.count(409) == 1
    (again,) = await post_at_once(client, "/fragile", 1)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert {one.content for one in responses if one.status_code == 201} == {
        again.content
    }
    assert await counts(session) == [1, 1]


@pytest.mark.committed
async def test_requests_that_all_fail_leave_no_key(
    client: httpx2.AsyncClient, session: AsyncSession
) -> None:
    await client.post(URL, json={"name": "LAMP"})
    responses = await post_at_once(client, URL, 6)
    assert {one.status_code for one in responses} <= {409, 503}
    assert await counts(session) == [1, 0]
