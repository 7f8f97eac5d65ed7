"""Changes that depend on what the client has seen."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from app.core.settings import ApiSettings
from app.db.session import SessionDep
from proofs.fixtures.custom import MakeApp
from proofs.fixtures.sample import MakeSample
from proofs.sample.models import Sample

URL = "/samples"
BODIES: dict[str, Any] = {
    "PUT": {"name": "New"},
    "PATCH": {"note": "New"},
    "DELETE": None,
}


@pytest.fixture
def required(app: FastAPI) -> Iterator[None]:
    """Demand `If-Match` of every change."""
    settings = app.state.settings
    demanding = {"api": ApiSettings(require_if_match=True)}
    app.state.settings = settings.model_copy(update=demanding)
    yield
    app.state.settings = settings


async def change(
    client: httpx2.AsyncClient, method: str, url: str, *tags: str
) -> httpx2.Response:
    headers = [("If-Match", tag) for tag in tags]
    return await client.request(method, url, json=BODIES[method], headers=headers)


async def test_a_tag_stays_until_something_changes(client: httpx2.AsyncClient) -> None:
    created = await client.post(URL, json={"name": "Lamp"})
    url, tag = created.headers["Location"], created.headers["ETag"]
    same = await client.patch(url, json={"name": "Lamp", "note": None})
    read = await client.get(url)
    assert tag == same.headers["ETag"] == read.headers["ETag"] == '"1"'
    for number, method in enumerate(("PUT", "PATCH"), start=2):
        changed = await change(client, method, url)
        assert changed.headers["ETag"] == f'"{number}"'
        assert (await client.get(url)).headers["ETag"] == f'"{number}"'


@pytest.mark.parametrize("method", BODIES)
@pytest.mark.parametrize(
    ("tags", "is_met"),
    [
        (['"1"'], True),
        (["*"], True),
        (['"7", "1"'], True),
        (['"7"\t,W/"1" , "1"'], True),
        (['"7"', '"1"'], True),
        (['"2"'], False),
        (['W/"1"'], False),
        (['"01"'], False),
        (['""'], False),
        (['"7", "8"'], False),
    ],
)
async def test_a_change_is_made_if_the_tag_is_one_of_those_that_are_meant(
    client: httpx2.AsyncClient,
    make_sample: MakeSample,
    method: str,
    tags: list[str],
    is_met: bool,
) -> None:
    url = f"{URL}/{(await make_sample(name='Lamp')).id}"
    before = (await client.get(url)).json()
    response = await change(client, method, url, *tags)
    assert response.status_code == (
        412 if not is_met else 204 if method == "DELETE" else 200
    )
    if not is_met:
        assert response.json()["error_code"] == "precondition_failed"
        assert (await client.get(url)).json() == before


@pytest.mark.parametrize("method", BODIES)
@pytest.mark.parametrize(
    "tags",
    [
        [""],
        ["1"],
        ["'1'"],
        ['"1'],
        ['"1" "2"'],
        ['"1",'],
        ['w/"1"'],
        ['"ä"'],
        ["*", '"1"'],
    ],
)
async def test_what_is_no_tag_is_refused(
    client: httpx2.AsyncClient, make_sample: MakeSample, method: str, tags: list[str]
) -> None:
    url = f"{URL}/{(await make_sample()).id}"
    headers = [(b"If-Match", tag.encode("latin-1")) for tag in tags]
    response = await client.request(method, url, json=BODIES[method], headers=headers)
    assert response.status_code == 400
    assert (await client.get(url)).headers["ETag"] == '"1"'


@pytest.mark.parametrize("method", BODIES)
async def test_what_is_not_there_is_not_found_whatever_is_demanded_of_it(
    client: httpx2.AsyncClient, method: str
) -> None:
    for tag in ("*", '"1"'):
        assert (
            await change(client, method, f"{URL}/{uuid4()}", tag)
        ).status_code == 404


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("method", BODIES)
async def test_a_tag_can_be_demanded(
    client: httpx2.AsyncClient, make_sample: MakeSample, method: str
) -> None:
    url = f"{URL}/{(await make_sample()).id}"
    response = await change(client, method, url)
    assert response.status_code == 428
    assert response.json()["error_code"] == "precondition_required"
    assert (await change(client, method, url, '"1"')).status_code in (200, 204)


@pytest.mark.committed
async def test_of_those_who_have_seen_the_same_one_alone_changes_it(
    client: httpx2.AsyncClient, make_sample: MakeSample
) -> None:
    url = f"{URL}/{(await make_sample()).id}"
    headers = {"If-Match": '"1"'}
    calls = (
        client.patch(url, json={"rank": rank}, headers=headers) for rank in range(8)
    )
    responses = await asyncio.gather(*calls)
    assert sorted(one.status_code for one in responses) == [200] + [412] * 7
    (winner,) = (one for one in responses if one.status_code == 200)
    assert (await client.get(url)).json() == winner.json()


@pytest.mark.parametrize(("headers", "status"), [({}, 409), ({"If-Match": '"1"'}, 412)])
async def test_who_is_overtaken_between_reading_and_writing_is_told_so(
    client: httpx2.AsyncClient,
    add_route: Callable[..., None],
    make_sample: MakeSample,
    headers: dict[str, str],
    status: int,
) -> None:
    async def overtake(session: SessionDep) -> None:
        sample = (await session.scalars(select(Sample))).one()
        other = update(Sample).values(row_version=7)
        await session.execute(other, execution_options={"synchronize_session": False})
        sample.note = "Late"
        await session.flush()

    add_route("/overtaken", overtake, methods=["PUT"])
    await make_sample()
    response = await client.put("/overtaken", headers=headers)
    assert response.status_code == status
    assert response.json()["detail"] == "Somebody else has just changed this."


@pytest.mark.parametrize("is_required", [False, True])
def test_the_document_says_whether_a_tag_is_demanded(
    make_app: MakeApp, is_required: bool
) -> None:
    app = make_app(api=ApiSettings(require_if_match=is_required))
    operations = app.openapi()["paths"][f"{URL}/{{sample_id}}"]
    for method in BODIES:
        (header,) = (
            one
            for one in operations[method.lower()]["parameters"]
            if one["in"] == "header"
        )
        assert (header["name"], header["required"]) == ("If-Match", is_required)
        assert {"400", "412", "428"} <= operations[method.lower()]["responses"].keys()
    assert "ETag" in operations["get"]["responses"]["200"]["headers"]
