"""Lists: the size of pages, and going on by cursors."""

from typing import Any

import httpx2
import pytest
from pydantic import ValidationError

from app.core.errors import InvalidError
from app.core.lists.page import ListQuery, bound
from app.core.settings import ApiSettings
from proofs.fixtures.sample import MakeSample

URL = "/samples"


async def read(client: httpx2.AsyncClient, **query: Any) -> dict[str, Any]:
    response = await client.get(URL, params=query)
    assert response.status_code == 200, response.text
    page: dict[str, Any] = response.json()
    return page


async def test_a_page_says_where_the_next_one_begins(
    client: httpx2.AsyncClient, make_sample: MakeSample
) -> None:
    for name in "abc":
        await make_sample(name=name)
    first = await read(client, sort="-name", limit=2)
    second = await read(client, sort="-name", limit=2, cursor=first["next_cursor"])
    assert [one["name"] for one in first["items"] + second["items"]] == ["c", "b", "a"]
    assert (first["total"], second["total"], second["next_cursor"]) == (3, None, None)


async def test_a_page_begins_at_one_place(
    client: httpx2.AsyncClient, make_sample: MakeSample
) -> None:
    for _ in range(2):
        await make_sample()
    cursor = (await read(client, limit=1))["next_cursor"]
    response = await client.get(URL, params={"cursor": cursor, "skip": 0})
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == ["skip"]


def test_the_settings_bound_a_page() -> None:
    settings = ApiSettings(max_page_size=3)
    assert bound(ListQuery(sort="name"), ApiSettings()).limit == 20
    assert bound(ListQuery(sort="name"), settings).limit == 3
    assert bound(ListQuery(sort="name", limit=3), settings).limit == 3
    with pytest.raises(InvalidError) as refused:
        bound(ListQuery(sort="name", limit=4), settings)
    assert list(refused.value.fields or ()) == ["limit"]


@pytest.mark.parametrize("size", [0, 1001])
def test_no_setting_takes_the_bound_away(size: int) -> None:
    with pytest.raises(ValidationError):
        ApiSettings(max_page_size=size)


@pytest.mark.parametrize(
    "cursor",
    ["", "a", "a b", "a=", "ä", "%00", "x" * 8193, "../..", "AAAAAAAAAAAAWzFd"],
)
async def test_what_is_no_cursor_is_refused(
    client: httpx2.AsyncClient, cursor: str
) -> None:
    response = await client.get(URL, params={"cursor": cursor})
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == ["cursor"]


async def test_the_document_says_which_orders_have_no_index(
    client: httpx2.AsyncClient,
) -> None:
    document = (await client.get("/openapi.json")).json()
    (sort,) = (
        one
        for one in document["paths"][URL]["get"]["parameters"]
        if one["name"] == "sort"
    )
    assert sort["description"].endswith(
        "for lack of an index: amount, rank, updated_at."
    )
