"""What a body may hold: each type and bound, hostile input, what is left out."""

import httpx2
import pytest

from proofs.resources.answer import Field, Resource
from proofs.resources.rows import (
    Maker,
    each_resource,
    each_value,
    fields_of,
    refusal,
)
from proofs.resources.values import at_bounds, value

required = fields_of(lambda field: field.is_required)
never_null = fields_of(lambda field: not field.optional)
optional = fields_of(lambda field: field.optional)


@each_resource
async def test_everything_sent_is_shown_where_location_says(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    body = await maker.body(one, full=True)
    created = await client.post(one.url, json=body)
    assert created.status_code == 201, created.text
    assert created.json() == created.json() | body
    assert created.headers["Location"] == f"{one.url}/{created.json()['id']}"
    read = await client.get(created.headers["Location"])
    assert (read.json(), read.headers["ETag"]) == (
        created.json(),
        created.headers["ETag"],
    )


@each_resource
async def test_what_is_left_out_gets_its_default(maker: Maker, one: Resource) -> None:
    body = await maker.body(one)
    row = await maker.create(one, **body)
    for field in one.fields:
        if field.attribute not in body:
            assert row[field.attribute] == field.default


@each_resource
async def test_columns_have_the_same_defaults(one: Resource) -> None:
    for field in one.fields:
        default = one.table.c[field.attribute].default
        assert (default is not None) == (field.default is not None), field.name


@each_resource
async def test_columns_hold_what_bodies_may(one: Resource) -> None:
    for field in one.fields:
        column = one.table.c[field.attribute]
        assert column.nullable == field.optional, field.name
        if field.type in ("str", "email", "url"):
            assert getattr(column.type, "length", None) == field.length
        if field.type == "decimal":
            known = (
                getattr(column.type, "precision", 0),
                getattr(column.type, "scale", 0),
            )
            assert known == (field.digits, field.places)


@each_value
async def test_a_value_at_a_bound_is_taken(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    row = await maker.create(one)
    for sent, shown in at_bounds(field):
        response = await client.patch(
            f"{one.url}/{row['id']}", json={field.attribute: sent}
        )
        assert response.status_code == 200, (sent, response.text)
        assert response.json()[field.attribute] == shown


@optional
async def test_null_clears_an_optional_field(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    own = await maker.parent(field) if field.to else value(field, 7)
    row = await maker.create(one, **{field.attribute: own})
    assert row[field.attribute] == own
    cleared = await client.patch(f"{one.url}/{row['id']}", json={field.attribute: None})
    assert (cleared.status_code, cleared.json()[field.attribute]) == (200, None)
    if field.to:
        assert cleared.json()[field.name] is None


@each_resource
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_ids_of_nothing(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, method: str
) -> None:
    body = await maker.body(one) if method in ("PUT", "PATCH") else None
    missing = await client.request(method, f"{one.url}/{one.absent()}", json=body)
    assert missing.status_code == 404
    assert missing.json()["error_code"] == "not_found"
    none = await client.request(method, f"{one.url}/1%20OR%201=1", json=body)
    assert refusal(none) == (422, [f"{one.name}_id"])
