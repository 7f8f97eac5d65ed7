"""Requests that are sent again."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import Depends, Response
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.config import Settings
from app.core.background import prune
from app.core.changes.feature import CHANGES
from app.core.changes.idempotency import IdempotencyKey
from app.db.base import now
from app.main import create_app
from proofs.fixtures.sample import MakeSample
from proofs.sample.endpoints import create_sample

URL = "/samples"
KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"


async def post(
    client: httpx2.AsyncClient, key: str = KEY, url: str = URL, **body: Any
) -> httpx2.Response:
    return await client.post(url, json=body, headers={"Idempotency-Key": key})


def told(response: httpx2.Response) -> dict[str, str]:
    """Give the headers that tell about what was made."""
    names = ("Content-Type", "Content-Length", "ETag", "Location")
    return {name: response.headers[name] for name in names}


async def count(client: httpx2.AsyncClient) -> int:
    total: int = (await client.get(URL)).json()["total"]
    return total


async def test_a_request_that_is_sent_again_is_answered_as_before(
    client: httpx2.AsyncClient,
) -> None:
    first, second = [await post(client, name="Lämp", amount="1.50") for _ in range(2)]
    assert first.status_code == second.status_code == 201
    assert (first.content, told(first)) == (second.content, told(second))
    assert first.json() == (await client.get(first.headers["Location"])).json()
    replayed = [one.headers.get("Idempotency-Replayed") for one in (first, second)]
    assert replayed == [None, "true"]
    assert await count(client) == 1


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_the_answer_stays_whatever_becomes_of_what_was_made(
    client: httpx2.AsyncClient, method: str
) -> None:
    first = await post(client, name="Lamp")
    body = {"note": "New"} if method == "PATCH" else None
    assert (
        await client.request(method, first.headers["Location"], json=body)
    ).is_success
    again = await post(client, name="Lamp")
    assert (again.status_code, again.content, told(again)) == (
        201,
        first.content,
        told(first),
    )


async def test_what_dependencies_say_in_headers_is_told_each_time(
    client: httpx2.AsyncClient, add_route: Callable[..., None]
) -> None:
    async def announce(response: Response) -> None:
        response.headers["Deprecation"] = "@1767225600"

    add_route("/old", create_sample, methods=["POST"], dependencies=[Depends(announce)])
    responses = [await post(client, url="/old", name="Lamp") for _ in range(2)]
    assert [one.headers["Deprecation"] for one in responses] == ["@1767225600"] * 2


async def test_without_a_key_every_request_counts(client: httpx2.AsyncClient) -> None:
    statuses = [
        (await client.post(URL, json={"name": "Lamp"})).status_code for _ in range(2)
    ]
    assert statuses == [201, 409]


async def test_a_key_stands_for_one_request(client: httpx2.AsyncClient) -> None:
    await post(client, name="Lamp")
    response = await post(client, name="Shelf")
    assert response.status_code == 422
    assert response.json()["error_code"] == "idempotency_key_reused"
    assert await count(client) == 1


async def test_it_is_the_same_request_however_it_is_written(
    client: httpx2.AsyncClient,
) -> None:
    first = await post(client, name="Lamp", amount="1.5", note=None)
    headers = {"Idempotency-Key": KEY, "Content-Type": "application/json"}
    body = b'{ "amount":1.50,\n"name" : " L\\u0061mp" }'
    again = await client.post(URL, content=body, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)


async def test_the_order_within_an_object_does_not_matter(
    client: httpx2.AsyncClient,
) -> None:
    url, parts = "/sample-kinds", [("a", 1), ("b", {"c": 2, "d": 3})]
    first = await post(client, url=url, details=dict(parts))
    again = await post(client, url=url, details=dict(reversed(parts)))
    assert (again.status_code, again.content) == (201, first.content)


async def test_keys_of_other_places_do_not_matter(client: httpx2.AsyncClient) -> None:
    await post(client, name="Lamp")
    assert (await post(client, url="/sample-kinds")).status_code == 201


async def test_a_long_answer_is_kept_whole(client: httpx2.AsyncClient) -> None:
    details = {"text": "漢" * 40_000}
    first, second = [
        await post(client, url="/sample-kinds", details=details) for _ in range(2)
    ]
    assert len(first.content) > 120_000
    assert (second.status_code, second.content) == (201, first.content)


@pytest.mark.parametrize("key", ["!", "~" * 255, '"quoted"', "a,b;c=d"])
async def test_visible_characters_make_a_key(
    client: httpx2.AsyncClient, key: str
) -> None:
    statuses = {(await post(client, key, name="Lamp")).status_code for _ in range(2)}
    assert statuses == {201}


@pytest.mark.parametrize(
    "keys", [[b""], [b"~" * 256], [b"a b"], [b"\xe4"], [b"a\x7f"], [b"a", b"a"]]
)
async def test_what_is_no_key_is_refused(
    client: httpx2.AsyncClient, keys: list[bytes]
) -> None:
    headers = [(b"Idempotency-Key", key) for key in keys]
    response = await client.post(URL, json={"name": "Lamp"}, headers=headers)
    assert response.status_code == 400
    assert await count(client) == 0


async def test_a_request_that_failed_may_be_tried_again(
    client: httpx2.AsyncClient, make_sample: MakeSample
) -> None:
    taken = await make_sample(name="Lamp")
    assert (await post(client, amount=-1)).status_code == 422
    assert (await post(client, name="Lamp")).status_code == 409
    assert (await client.delete(f"{URL}/{taken.id}")).status_code == 204
    response = await post(client, name="Lamp")
    assert response.status_code == 201
    assert "Idempotency-Replayed" not in response.headers


async def age(session: AsyncSession, by: timedelta) -> None:
    """Let time go by for all keys."""
    expires_at = now() + timedelta(hours=24) - by
    await session.execute(update(IdempotencyKey).values(expires_at=expires_at))
    await session.commit()


async def test_a_key_is_forgotten_after_a_day(
    client: httpx2.AsyncClient, session: AsyncSession
) -> None:
    await post(client, name="Lamp")
    await age(session, timedelta(hours=23, minutes=59))
    assert (await post(client, name="Shelf")).status_code == 422
    await age(session, timedelta(hours=24))
    first, second = [await post(client, name="Shelf") for _ in range(2)]
    assert (first.status_code, second.content) == (201, first.content)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert await count(client) == 2


async def test_keys_are_kept_for_as_long_as_the_settings_say(
    client: httpx2.AsyncClient, session: AsyncSession
) -> None:
    before = now()
    await post(client, name="Lamp")
    expires_at = await session.scalar(select(IdempotencyKey.expires_at))
    assert expires_at
    assert before + timedelta(hours=24) <= expires_at <= now() + timedelta(hours=24)


async def test_keys_that_have_expired_are_deleted_and_no_others(
    client: httpx2.AsyncClient,
    session: AsyncSession,
    sessions: async_sessionmaker[AsyncSession],
) -> None:
    await post(client, "old", name="Lamp")
    await age(session, timedelta(hours=25))
    await post(client, "new", name="Shelf")
    await prune(sessions, CHANGES.prunable, None)
    assert await session.scalar(select(func.count()).select_from(IdempotencyKey)) == 1
    assert (await post(client, "new", name="Shelf")).headers[
        "Idempotency-Replayed"
    ] == "true"


@pytest.mark.committed
@pytest.mark.usefixtures("restored_logging")
async def test_the_application_deletes_them_by_itself(
    client: httpx2.AsyncClient,
    session: AsyncSession,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.core.background.PRUNE_INTERVAL", 0.01)
    await post(client, name="Lamp")
    await age(session, timedelta(hours=25))
    app = create_app(settings)
    async with asyncio.timeout(5), app.router.lifespan_context(app):
        while await session.scalar(select(func.count()).select_from(IdempotencyKey)):
            await session.rollback()
            await asyncio.sleep(0.01)
        # What goes on deleting them must not wait for this transaction.
        await session.rollback()


async def test_the_document_describes_the_key(client: httpx2.AsyncClient) -> None:
    operation = (await client.get("/openapi.json")).json()["paths"][URL]["post"]
    (header,) = (one for one in operation["parameters"] if one["in"] == "header")
    assert (header["name"], header["required"]) == ("Idempotency-Key", False)
    created = operation["responses"]["201"]["headers"]
    assert {"ETag", "Location", "Idempotency-Replayed"} <= created.keys()
