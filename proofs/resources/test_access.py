"""Who may do what, where the keys `read` and `write` say so; nobody else learns of a row."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import APIRouter, FastAPI, Request, WebSocket
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.testclient import TestClient, WebSocketDenialResponse

from app.accounts.access import PUBLIC, Access, include_with_access
from app.accounts.models import User
from app.core.errors import NotFoundError
from app.core.resource.repository import Repository, Scope
from app.crud.article import ArticleRepository
from proofs.accounts.calls import ME
from proofs.conditions import JWT, ROOT
from proofs.fixtures.app import client_key
from proofs.fixtures.users import LogIn, MakeUser
from proofs.resources.answer import Resource, resource, resources
from proofs.resources.rows import Maker, each_resource, refusal

LOGOUT = "/api/v1/auth/logout"
METHODS = ("GET", "PUT", "PATCH", "DELETE")
CALLERS = ("anonymous", "user", "owner", "admin")
Clients = Mapping[str, httpx2.AsyncClient]


def kept(one: Resource, caller: str, who: str) -> int | None:
    """Return the status that refuses a caller what `who` may do; `None` if it does not."""
    if who == "public" or (who == "users" and caller != "anonymous"):
        return None
    if caller == "anonymous":
        return 401
    if who == "admin":
        return None if caller == "admin" else 403
    if caller == "owner":
        return None
    return 404 if one.read == "owner" else 403


class AccessMaker(Maker):
    """Creates rows as who may: as the administrator what nobody else writes."""

    def __init__(
        self, client: httpx2.AsyncClient, admin: httpx2.AsyncClient | None = None
    ) -> None:
        super().__init__(client)
        self.admin = admin or client

    def beside(self, client: httpx2.AsyncClient) -> "AccessMaker":
        """Return a maker for another client, with which nothing clashes."""
        other = AccessMaker(client, self.admin)
        other.numbers = self.numbers
        return other

    async def create(self, one: Resource, **values: Any) -> dict[str, Any]:
        """Create a row, and return how the API shows it."""
        client = self.admin if one.write == "admin" else self.client
        body = await self.body(one, **values)
        response = await client.post(one.url, json=body)
        assert response.status_code == 201, response.text
        row: dict[str, Any] = response.json()
        return row


@pytest.fixture
async def other(
    app: FastAPI, make_user: MakeUser, log_in: LogIn
) -> AsyncIterator[httpx2.AsyncClient]:
    """Return a client of another user."""
    async with client_key(app, headers=await log_in(await make_user())) as client:
        yield client


@pytest.fixture
def clients(
    anonymous: httpx2.AsyncClient,
    other: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    admin_client: httpx2.AsyncClient,
) -> Clients:
    """Return all callers by what they are to the rows of `maker`."""
    everybody = (anonymous, other, client, admin_client)
    return dict(zip(CALLERS, everybody, strict=True))


@pytest.fixture
def maker(client: httpx2.AsyncClient, admin_client: httpx2.AsyncClient) -> AccessMaker:
    """Return what creates rows as the usual client, or as an administrator."""
    return AccessMaker(client, admin_client)


@pytest.mark.parametrize("caller", CALLERS)
@each_resource
async def test_rows_are_read_and_changed_by_those_who_may(
    clients: Clients, maker: AccessMaker, one: Resource, caller: str
) -> None:
    client = clients[caller]
    for method in METHODS:
        row = await maker.create(one)
        body = await maker.body(one) if method in ("PUT", "PATCH") else None
        url = f"{one.url}/{row['id']}"
        response = await client.request(method, url, json=body)
        refused = kept(one, caller, one.read if method == "GET" else one.write)
        expected = refused or (204 if method == "DELETE" else 200)
        assert (method, response.status_code) == (method, expected)
        if refused:
            reader = clients["admin" if one.write == "admin" else "owner"]
            assert (await reader.get(url)).json() == row


@pytest.mark.parametrize("caller", CALLERS)
@each_resource
async def test_rows_are_listed_and_created_by_those_who_may(
    clients: Clients, maker: AccessMaker, one: Resource, caller: str
) -> None:
    client, row = clients[caller], await maker.create(one)
    page = await client.get(one.url)
    refused = kept(one, caller, one.read)
    # Whoever is logged in has a list, in which there is nothing of others.
    assert page.status_code == (200 if refused == 404 else refused or 200)
    if page.status_code == 200:
        ids = [] if refused else [row["id"]]
        assert [found["id"] for found in page.json()["items"]] == ids
        assert page.json()["total"] == len(ids)
        beyond = await client.get(f"{one.url}?skip=1&limit=1")
        assert beyond.json()["total"] == len(ids)
    theirs = maker.beside(clients["user"] if caller == "anonymous" else client)
    created = await client.post(one.url, json=await theirs.body(one))
    who = "users" if one.write == "owner" else one.write
    assert created.status_code == (kept(one, caller, who) or 201)


def opened() -> list[Resource]:
    """Return the resources whose rows belong to users, and are read by others."""
    return [one for one in resources() if one.owned and one.read != "owner"]


each_opened = pytest.mark.parametrize("one", opened(), ids=lambda one: one.name)


@each_opened
async def test_what_is_not_ones_own_is_refused_whatever_its_version_is(
    other: httpx2.AsyncClient, maker: AccessMaker, one: Resource
) -> None:
    row, body = await maker.create(one), await maker.beside(other).body(one)
    url = f"{one.url}/{row['id']}"
    for tag in ('"1"', '"7"', "*"):
        for method in ("PUT", "PATCH", "DELETE"):
            sent = None if method == "DELETE" else body
            headers = {"If-Match": tag}
            response = await other.request(method, url, json=sent, headers=headers)
            assert response.status_code == 403, (tag, method)
    assert await maker.read(one, row) == row


@each_opened
async def test_the_row_is_locked_and_its_owner_asked_at_once(
    session: AsyncSession, maker: AccessMaker, one: Resource
) -> None:
    row = await maker.create(one)
    statements: list[str] = []
    connection = await session.connection()

    def record(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(connection.sync_connection, "before_cursor_execute", record)
    url = f"{one.url}/{row['id']}"
    assert (await maker.client.patch(url, json={})).status_code == 200
    found = [each for each in statements if f"FROM {one.table.name}" in each]
    assert f"{one.table.name}.owner_id =" in found[0]


@each_opened
async def test_filters_and_cursors_show_no_owner(
    anonymous: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    other: httpx2.AsyncClient,
    user: User,
    maker: AccessMaker,
    one: Resource,
) -> None:
    theirs = maker.beside(other)
    ids = [(await each.create(one))["id"] for each in (maker, theirs, maker, theirs)]
    reader = anonymous if one.read == "public" else client
    found: list[str] = []
    query = "?sort=created_at&limit=1"
    while query:
        page = (await reader.get(f"{one.url}{query}")).json()
        found += [row["id"] for row in page["items"]]
        assert "owner" not in str(page)
        cursor = page["next_cursor"]
        query = f"?sort=created_at&limit=1&cursor={cursor}" if cursor else ""
    assert found == ids
    for name in ("owner_id", "owner", "owner_id__in", "tombstone", "deleted_at"):
        wrong = await reader.get(f"{one.url}?{name}={user.id}")
        assert wrong.status_code == 422, name
    assert (await reader.get(f"{one.url}?sort=owner_id")).status_code == 422


async def test_a_cursor_of_somebody_else_shows_ones_own_rows_alone(
    client: httpx2.AsyncClient, other: httpx2.AsyncClient, maker: AccessMaker
) -> None:
    bookmark, theirs = resource("bookmark"), maker.beside(other)
    await maker.create(bookmark)
    mine = await theirs.create(bookmark)
    await maker.create(bookmark)
    url = f"{bookmark.url}?sort=created_at&limit=1"
    cursor = (await client.get(url)).json()["next_cursor"]
    page = (await other.get(f"{url}&cursor={cursor}")).json()
    assert [row["id"] for row in page["items"]] == [mine["id"]]
    assert page["next_cursor"] is None


async def test_deleted_rows_exist_for_nobody(
    clients: Clients, maker: AccessMaker
) -> None:
    article = resource("article")
    row = await maker.create(article)
    url, body = f"{article.url}/{row['id']}", await maker.body(article)
    assert (await clients["owner"].delete(url)).status_code == 204
    for caller, client in clients.items():
        assert (await client.get(url)).status_code == 404
        assert (await client.get(article.url)).json()["total"] == 0
        for method in ("PUT", "PATCH", "DELETE"):
            sent = None if method == "DELETE" else body
            response = await client.request(method, url, json=sent)
            assert response.status_code == (401 if caller == "anonymous" else 404)


async def test_a_repository_writes_in_its_scope_alone(
    session: AsyncSession, user: User, make_user: MakeUser, maker: AccessMaker
) -> None:
    row = await maker.create(resource("article"))
    mine = ArticleRepository(session, Scope(user.id))
    theirs = ArticleRepository(session, Scope((await make_user()).id))
    entity = await theirs.get(UUID(row["id"]))
    assert entity is not None
    for write in (theirs.update(entity, {"text": "x"}), theirs.delete(entity)):
        with pytest.raises(NotFoundError):
            await write
    await mine.delete(entity)
    with pytest.raises(NotFoundError):
        await theirs.restore(entity.id)
    session.expunge_all()
    assert await mine.get(entity.id) is None
    assert await mine.restore(entity.id) is not None


async def test_a_repository_of_nobody_inserts_and_locks_nothing(
    session: AsyncSession, maker: AccessMaker
) -> None:
    id_ = UUID((await maker.create(resource("article")))["id"])
    nobody: Repository[Any] = ArticleRepository(session, Scope())
    assert await nobody.get(id_) is not None
    for write in (nobody.create({}), nobody.get(id_, for_update=True)):
        with pytest.raises(RuntimeError):
            await write


async def test_what_is_read_can_be_referred_to_and_linked(
    clients: Clients, maker: AccessMaker
) -> None:
    article, theirs = resource("article"), maker.beside(clients["user"])
    row = await maker.create(article)
    for name in ("comment", "bookmark"):
        made = await theirs.create(resource(name), article_id=row["id"])
        assert made["article"]["id"] == row["id"]
    own = await theirs.create(article, follows_id=row["id"], related_ids=[row["id"]])
    assert own["related_ids"] == [row["id"]]
    # The other end belongs to who has the field.
    url = f"{article.url}/{own['id']}/articles-by-related/{row['id']}"
    assert (await clients["user"].put(url)).status_code == 403
    url = f"{article.url}/{row['id']}/related/{own['id']}"
    for method in ("PUT", "DELETE"):
        assert (await clients["user"].request(method, url)).status_code == 403
    await clients["owner"].delete(f"{article.url}/{row['id']}")
    body = await theirs.body(resource("comment"), article_id=row["id"])
    gone = await clients["user"].post(resource("comment").url, json=body)
    assert refusal(gone) == (409, ["article_id"])


async def test_lists_below_show_what_each_may_read(
    clients: Clients, maker: AccessMaker
) -> None:
    row = await maker.create(resource("article"))
    for name in ("comment", "bookmark", "finding"):
        await maker.create(resource(name), article_id=row["id"])
    url = f"/api/v1/articles/{row['id']}"
    expected = {
        "comments": {"anonymous": 401, "user": 1, "owner": 1, "admin": 1},
        "bookmarks": {"anonymous": 401, "user": 0, "owner": 1, "admin": 0},
        "findings": {"anonymous": 401, "user": 403, "owner": 403, "admin": 1},
        "labels": dict.fromkeys(CALLERS, 0),
    }
    for path, counts in expected.items():
        for caller, count in counts.items():
            page = await clients[caller].get(f"{url}/{path}")
            found = page.json().get("total", page.status_code)
            assert (path, caller, found) == (path, caller, count)


async def test_lists_are_filtered_by_rows_of_others_that_can_be_read(
    clients: Clients, maker: AccessMaker
) -> None:
    row = await maker.create(resource("article"))
    comment = await maker.create(resource("comment"), article_id=row["id"])
    await maker.create(resource("comment"))
    for caller in ("user", "owner"):
        theirs, url = maker.beside(clients[caller]), resource("comment").url
        found = await theirs.found(url, f"article__title={row['title']}")
        assert found == [comment["id"]]


async def test_users_leave_whoever_refers_to_their_rows(
    clients: Clients, maker: AccessMaker
) -> None:
    article, theirs = resource("article"), maker.beside(clients["user"])
    row = await maker.create(article)
    comment = await theirs.create(resource("comment"), article_id=row["id"])
    follower = await theirs.create(
        article, follows_id=row["id"], related_ids=[row["id"]]
    )
    assert (await clients["owner"].delete(ME)).status_code == 204
    user = clients["user"]
    gone = await user.get(f"{resource('comment').url}/{comment['id']}")
    assert gone.status_code == 404
    left = (await user.get(f"{article.url}/{follower['id']}")).json()
    assert (left["follows_id"], left["related_ids"]) == (None, [])


async def test_a_value_is_unique_for_all_or_for_its_owner(
    clients: Clients, maker: AccessMaker
) -> None:
    article, user = resource("article"), clients["user"]
    row, theirs = await maker.create(article), maker.beside(user)
    same = await theirs.create(article, title=row["title"])
    sent = {"address": row["address"].upper()}
    body = await theirs.body(article, **sent)
    url = f"{article.url}/{same['id']}"
    for response in (
        await user.post(article.url, json=body),
        await user.put(url, json=body),
        await user.patch(url, json=sent),
    ):
        assert refusal(response) == (409, ["address"])
    await clients["owner"].delete(f"{article.url}/{row['id']}")
    assert (await user.patch(url, json=sent)).status_code == 200
    bookmark = resource("bookmark")
    private = await maker.create(bookmark)
    body = await theirs.body(bookmark, name=private["name"])
    assert refusal(await user.post(bookmark.url, json=body)) == (409, ["name"])


@pytest.fixture
def beside(app: FastAPI) -> Iterator[APIRouter]:
    """Return a router that everybody reads, for what a test adds to it."""
    routes, router = list(app.router.routes), APIRouter()
    yield router
    app.router.routes[:] = routes


async def test_credentials_are_heeded_where_none_are_demanded(
    app: FastAPI,
    beside: APIRouter,
    anonymous: httpx2.AsyncClient,
    user: User,
    log_in: LogIn,
) -> None:
    async def see(request: Request) -> str:
        return str(getattr(request.state, "user_id", None))

    beside.add_api_route("/seen", see)
    include_with_access(app, Access(beside, read=PUBLIC))
    assert (await anonymous.get("/seen")).json() == "None"
    # Whatever the session is for: this is for everybody.
    for scope in (None, "data:read", "data:write"):
        headers = await log_in(user, scope=scope)
        seen = await anonymous.get("/seen", headers=headers)
        assert seen.json() == str(user.id)


async def test_credentials_that_are_no_longer_good_are_refused(
    app: FastAPI, user: User, log_in: LogIn
) -> None:
    headers = await log_in(user)
    async with client_key(app, headers=headers) as client:
        assert (await client.get("/api/v1/articles")).status_code == 200
        assert (await client.post(LOGOUT)).status_code == 204
        ended = await client.get("/api/v1/articles")
    assert ended.status_code == 401
    assert ended.headers["WWW-Authenticate"]


async def test_forged_credentials_never_help(anonymous: httpx2.AsyncClient) -> None:
    for headers in (
        {"Authorization": "Bearer e30.e30.x"},
        {"Cookie": "session=forged"},
        {"Authorization": "Basic YTpi"},
    ):
        for path, status in (("articles", 200), ("notices", 401), ("findings", 401)):
            is_token = JWT(ROOT) and "Bearer" in headers.get("Authorization", "")
            response = await anonymous.get(f"/api/v1/{path}", headers=headers)
            expected = 401 if is_token else status
            assert (path, response.status_code) == (path, expected)


async def test_the_document_says_where_nobody_has_to_log_in(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    for one in resources():
        for methods in (paths[one.url], paths[f"{one.url}/{{{one.name}_id}}"]):
            for method, operation in methods.items():
                who = one.read if method == "get" else one.write
                assert (operation["security"] == []) == (who == "public")
                assert ("401" in operation["responses"]) is True
                assert ("403" in operation["responses"]) == (who != "public")


def test_a_web_socket_beside_what_everybody_reads_demands_a_login(
    app: FastAPI, beside: APIRouter
) -> None:
    async def talk(socket: WebSocket) -> None:
        await socket.accept()

    beside.add_api_websocket_route("/talk", talk)
    include_with_access(app, Access(beside, read=PUBLIC))
    with pytest.raises(WebSocketDenialResponse) as refused:
        TestClient(app).websocket_connect("/talk").__enter__()
    assert refused.value.status_code == 401
