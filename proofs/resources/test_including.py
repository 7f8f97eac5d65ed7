"""What rows refer to is embedded in answers, if a client asks for it."""

from typing import Any

import httpx2

from proofs.resources.answer import Field, Resource, resource
from proofs.resources.rows import Maker, each_resource, fields_of, refusal
from proofs.resources.test_references import nested

each_included = fields_of(lambda field: field.include)


def asked(one: Resource) -> list[str]:
    """Return all that can be asked for."""
    return [field.name for field in one.references if field.include]


@each_included
async def test_what_a_row_refers_to_is_embedded_on_request(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    first, second = await maker.parent(field), await maker.parent(field)
    rows = [
        await maker.create(one, **{field.attribute: id_}) for id_ in (first, second)
    ]
    urls = [f"{one.url}/{row['id']}" for row in rows]
    query = f"include={field.name}"
    whole = [
        await maker.read(resource(field.to), {"id": id_}) for id_ in (first, second)
    ]
    expected = [
        row | {"included": dict.fromkeys(asked(one)) | {field.name: parent}}
        for row, parent in zip(rows, whole, strict=True)
    ]
    for url, row, embedding in zip(urls, rows, expected, strict=True):
        plain, read = await client.get(url), await client.get(f"{url}?{query}")
        assert (plain.json(), read.json()) == (row, embedding)
        assert read.headers["ETag"] == plain.headers["ETag"]
    both = f"{field.attribute}__in={first}&{field.attribute}__in={second}"
    page = (await client.get(f"{one.url}?{query}&{both}")).json()
    assert (page["items"], page["total"]) == (expected[::-1], 2)
    page = (await client.get(f"{nested(one, field, first)}?{query}")).json()
    assert page["items"] == expected[:1]
    patched = await client.patch(urls[0], json={})
    assert patched.json() == rows[0]


@each_included
async def test_pages_with_and_without_it_are_the_same(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    parent = await maker.parent(field)
    rows = [await maker.create(one, **{field.attribute: parent}) for _ in range(2)]
    query = f"limit=1&{field.attribute}={parent}"
    page = (await client.get(f"{one.url}?{query}")).json()
    rest = await client.get(
        f"{one.url}?{query}&include={field.name}&cursor={page['next_cursor']}"
    )
    assert [row["id"] for row in rest.json()["items"]] == [rows[0]["id"]]
    assert rest.json()["items"][0]["included"][field.name]["id"] == parent


@each_included
async def test_what_cannot_be_asked_for_is_refused(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    row, name = await maker.create(one), field.name
    for query in (
        "include=unheard_of",
        "include=",
        f"include={field.attribute}",
        f"include={name}&include={name}",
        f"include={name},{name}",
        f"include={name}.site",
        "&".join([f"include={name}"] * 200),
        "include=owner_id",
        "include=a%00b",
    ):
        for url in (one.url, f"{one.url}/{row['id']}"):
            status, fields = refusal(await client.get(f"{url}?{query}"))
            assert (status, fields[0].split(".")[0]) == (422, "include"), query
    for method in ("PUT", "PATCH"):
        sent: dict[str, Any] = {"included": None}
        response = await client.request(method, f"{one.url}/{row['id']}", json=sent)
        assert "included" in refusal(response)[1]


@each_included
async def test_what_is_deleted_is_no_longer_embedded(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    to = resource(field.to)
    if not to.soft_delete:
        return
    row = await maker.create(one, **{field.attribute: await maker.parent(field)})
    deleted = await client.delete(f"{to.url}/{row[field.attribute]}")
    assert deleted.status_code == 204
    read = await client.get(f"{one.url}/{row['id']}?include={field.name}")
    assert read.json() == row | {"included": dict.fromkeys(asked(one))}


@fields_of(lambda field: field.include and field.optional)
async def test_a_row_that_refers_to_nothing_embeds_nothing(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    row = await maker.create(one, **{field.attribute: None})
    read = await client.get(f"{one.url}/{row['id']}?include={field.name}")
    assert read.json() == row | {"included": dict.fromkeys(asked(one))}


@fields_of(lambda field: field.include)
async def test_a_chain_is_embedded_one_row_deep(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    if field.to != one.name:
        return
    rows = [await maker.create(one)]
    for _ in range(3):
        rows.append(await maker.create(one, **{field.attribute: rows[-1]["id"]}))
    page = (await client.get(f"{one.url}?include={field.name}&sort=created_at")).json()
    found = [row["included"][field.name] for row in page["items"]]
    assert found == [None, *rows[:-1]]


@each_resource
async def test_more_rows_take_no_more_statements(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, statements: list[str]
) -> None:
    if not asked(one):
        return
    for _ in range(3):
        own = {field.attribute: await maker.parent(field) for field in one.references}
        await maker.create(one, full=True, **own)
    query, counts = "&".join(f"include={name}" for name in asked(one)), []
    for limit in (1, 3):
        statements.clear()
        page = await client.get(f"{one.url}?total=false&limit={limit}&{query}")
        assert all(row["included"] for row in page.json()["items"])
        counts.append(len(statements))
    assert counts[0] == counts[1] > 0


@each_included
async def test_the_document_says_what_can_be_asked_for(
    client: httpx2.AsyncClient, one: Resource, field: Field
) -> None:
    assert field.name in asked(one)
    document = (await client.get("/openapi.json")).json()
    key = f"{{{one.name}_id}}"
    for url in (one.url, f"{one.url}/{key}"):
        operation = document["paths"][url]["get"]
        (given,) = [
            each for each in operation["parameters"] if each["name"] == "include"
        ]
        items = given["schema"]["items"]
        assert items.get("enum", [items.get("const")]) == asked(one)
        assert not given["required"]
    schemas = document["components"]["schemas"]
    (name,) = {
        choice["$ref"].rsplit("/", 1)[1]
        for schema in schemas.values()
        if "included" in schema.get("properties", {})
        for choice in schema["properties"]["included"]["anyOf"]
        if one.name.replace("_", "") + "included" in choice.get("$ref", "").lower()
    }
    assert list(schemas[name]["properties"]) == asked(one)
