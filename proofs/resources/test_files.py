"""Files that belong to rows."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.errors import InvalidError
from app.core.files.contents import disposition_of, name_in
from app.core.files.feature import prune_files
from app.core.files.service import FilingService
from app.core.files.store import FilesSettings, FileStore
from proofs.resources.answer import Resource, everything
from proofs.resources.rows import Maker, refusal

HEADS = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/webp": b"RIFF\0\0\0\0WEBP",
    "application/pdf": b"%PDF-1.7",
    "text/plain": b"words",
}
OLD = 3 * 3600
Row = dict[str, Any]
BYTES = 3_000_000
each_file = pytest.mark.parametrize(
    ("one", "field"),
    [
        pytest.param(one, name, id=f"{one.name}-{name}")
        for one in everything()
        for name, _ in one.files
    ],
)


def contents(app: FastAPI) -> set[Path]:
    """Return the contents that are in the folder."""
    folder = app.state.files.folder
    return {path for path in folder.rglob("*") if path.is_file()}


@dataclass(frozen=True)
class Case:
    """A row, and a field of it for a file.

    Attributes:
        row: As it was made.
        place: Where it is.
        kind: A content type that the field takes.
        before: The contents that other tests have left.
    """

    app: FastAPI
    client: httpx2.AsyncClient
    row: Row
    place: str
    field: str
    kind: str
    before: set[Path]

    @property
    def url(self) -> str:
        """Return where the file is."""
        return f"{self.place}/{self.field}"

    def content(self, more: bytes = b"more of it") -> bytes:
        """Return a content that begins as it should."""
        return HEADS[self.kind] + more

    async def upload(
        self,
        content: Any,
        kind: str | None = None,
        url: str | None = None,
        **headers: str,
    ) -> httpx2.Response:
        """Send a file."""
        headers = {"Content-Type": kind or self.kind} | headers
        return await self.client.put(url or self.url, content=content, headers=headers)

    async def read_row(self) -> Row:
        """Return the row as it is now."""
        found: Row = (await self.client.get(self.place)).json()
        return found

    def kept(self) -> set[Path]:
        """Return the contents that are there now, and were not before."""
        return contents(self.app) - self.before


@pytest.fixture
async def case(
    app: FastAPI, client: httpx2.AsyncClient, maker: Maker, one: Resource, field: str
) -> Case:
    """Return a row of a resource with files."""
    before, row = contents(app), await maker.create(one)
    place = f"{one.url}/{row[one.address or 'id']}"
    return Case(app, client, row, place, field, dict(one.files)[field][0], before)


@each_file
async def test_a_file_comes_and_goes(case: Case, one: Resource) -> None:
    client, field, row = case.client, case.field, case.row
    assert row[field] is None
    assert (await client.get(case.url)).status_code == 404
    for content in (case.content(), case.content(b"x" * 150_000)):
        named = {"Content-Disposition": "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe"}
        put = await case.upload(content, **named)
        assert put.status_code == 200, put.text
        row = await case.read_row()
        assert put.json() == row
        assert put.headers["ETag"] != f'"{row[field]["sha256"]}"'
        told = {"name": "Größe", "content_type": case.kind, "size": len(content)}
        assert row[field] == row[field] | told
        assert set(row[field]) == {*told, "sha256", "uploaded_at"}
        read = await client.get(case.url)
        assert (read.status_code, read.content) == (200, content)
        assert read.headers["Content-Type"] == case.kind
        assert read.headers["X-Content-Type-Options"] == "nosniff"
        assert read.headers["ETag"] == f'"{row[field]["sha256"]}"'
        disposition = "attachment; filename=\"Groe\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe"
        assert read.headers["Content-Disposition"] == disposition
        assert len(case.kept()) == 1
    page = await client.get(f"{one.url}?{field}__isnull=false")
    assert [each["id"] for each in page.json()["items"]] == [row["id"]]
    for _ in range(2):
        gone = await client.delete(case.url)
        assert gone.json() == await case.read_row()
        assert gone.json()[field] is None
    assert contents(case.app) == case.before
    sent = {field: {"key": "another"}}
    assert refusal(await client.patch(case.place, json=sent))[0] == 422


@each_file
async def test_the_head_of_a_file_is_told_without_reading_it(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await case.client.head(case.url)).status_code == 404
    assert (await case.upload(case.content())).status_code == 200
    whole = await case.client.get(case.url)
    with monkeypatch.context() as patch:
        patch.delattr(FileStore, "read")
        head = await case.client.head(case.url)
    assert (head.status_code, head.content) == (200, b"")
    names = ("Content-Disposition", "Content-Length", "Content-Type", "ETag")
    assert [head.headers[name] for name in names] == [
        whole.headers[name] for name in names
    ]
    [content] = case.kept()
    content.unlink()
    for method in ("GET", "HEAD"):
        assert (await case.client.request(method, case.url)).status_code == 404


@each_file
async def test_what_is_no_such_file_is_refused(case: Case, one: Resource) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield case.content()
        while True:
            yield b"x" * 65_536

    content, nowhere = case.content(), f"{one.url}/{one.absent()}/{case.field}"
    encoded = {"Content-Encoding": "gzip"}
    large = {"Content-Length": str(10**9)}
    for status, answer in (
        (415, case.upload(content, "text/html")),
        (415, case.upload(content, **encoded)),
        (413, case.upload(content, **large)),
        (413, case.upload(endless())),
        (422, case.upload(b"")),
        (404, case.upload(content, url=nowhere)),
        (412, case.upload(content, **{"If-Match": '"99"'})),
    ):
        refused = await answer
        assert refused.status_code == status, refused.text
    if case.kind != "text/plain":
        refused = await case.upload(b"<html>" + content)
        assert refused.status_code == 415
    assert await case.read_row() == case.row
    assert contents(case.app) == case.before


@each_file
async def test_a_change_names_the_version_of_the_row_or_of_the_file(case: Case) -> None:
    versions = ['"1"']
    for number in range(3):
        content = case.content(b"%d" % number)
        match = {"If-Match": versions[-1]}
        put = await case.upload(content, **match)
        assert put.status_code == 200
        stale = await case.upload(content, **match)
        assert stale.status_code == 412
        read = await case.client.get(case.url)
        versions.append((put if number == 0 else read).headers["ETag"])
    gone = await case.client.delete(case.url, headers={"If-Match": versions[1]})
    assert gone.status_code == 412


@each_file
async def test_a_service_refuses_a_file_before_anybody_sees_it(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(
        name: str, file: Any, content: AsyncIterator[bytes], /, *_: Any
    ) -> None:
        read = b"".join([part async for part in content])
        raise InvalidError(f"{name} {file.size} {len(read)}")

    monkeypatch.setattr(FilingService, "check_file", refuse)
    content = case.content()
    refused = await case.upload(content)
    assert refused.json()["detail"] == f"{case.field} {len(content)} {len(content)}"
    assert (await case.read_row())[case.field] is None
    assert contents(case.app) == case.before


@each_file
async def test_contents_without_a_row_are_pruned(
    case: Case, one: Resource, sessions: async_sessionmaker[AsyncSession]
) -> None:
    assert (await case.upload(case.content())).status_code == 200
    [content] = case.kept()
    orphan = content.with_name(content.name[:-1] + "-")
    foreign = content.with_name("x.y")
    for path in (orphan, foreign):
        path.write_bytes(b"x")
    store, old = case.app.state.files, time.time() - OLD
    await prune_files(sessions, store)
    assert case.kept() == {content, orphan, foreign}
    for path in (content, orphan, foreign):
        os.utime(path, (old, old))
    await prune_files(sessions, store)
    assert case.kept() == {content, foreign}
    await case.client.delete(case.place)
    assert (await case.client.get(case.url)).status_code == 404
    await prune_files(sessions, store)
    assert case.kept() == ({content, foreign} if one.soft_delete else {foreign})
    foreign.unlink()


@pytest.mark.committed
@each_file
async def test_no_connection_is_held_while_a_file_comes(case: Case) -> None:
    taken, seen = [0], []
    pool = case.app.state.engine.sync_engine

    def count(step: int) -> Any:
        return lambda *_: taken.append(taken[-1] + step)

    async def content() -> AsyncIterator[bytes]:
        for number in range(3):
            seen.append(taken[-1])
            yield case.content() if number == 0 else b"x" * 1000
        seen.append(taken[-1])

    hooks = (("checkout", count(1)), ("checkin", count(-1)))
    for name, hook in hooks:
        event.listen(pool, name, hook)
    try:
        put = await case.upload(content())
    finally:
        for name, hook in hooks:
            event.remove(pool, name, hook)
    assert put.status_code == 200, put.text
    assert max(taken) > 0
    assert set(seen[1:]) == {0}
    assert (await case.client.delete(case.url)).status_code == 200


def test_names_do_no_harm() -> None:
    names = {
        'attachment; filename="a.png"': "a.png",
        "attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd": "passwd",
        'attachment; filename="C:\\\\x\\\\b.png"': "b.png",
        "attachment; filename*=UTF-8''a%0D%0Ab%E2%80%AEgnp.exe": "abgnp.exe",
        'attachment; filename=".."': "photo.png",
        "": "photo.png",
        "\x00;;=": "photo.png",
        f'attachment; filename="{"x" * 300}.png"': f"{'x' * 196}.png",
    }
    for disposition, name in names.items():
        assert name_in(disposition, "photo", "image/png") == name
    assert disposition_of('a"\\%.png').startswith('attachment; filename="a___.png"; ')


@pytest.fixture(scope="module")
def bucket() -> Iterator[FilesSettings]:
    """Serve a bucket, as S3 does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        address = f"http://127.0.0.1:{port}"
        assert httpx2.put(f"{address}/bucket").status_code == 200
        yield FilesSettings(
            store="s3://bucket/of/this",
            endpoint=address,
            region="us-east-1",
            access_key=SecretStr("a"),
            secret_key=SecretStr("b"),
        )
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize("place", ["folder", "bucket"])
async def test_contents_are_kept_in_a_folder_or_a_bucket(
    request: pytest.FixtureRequest, tmp_path: Path, place: str
) -> None:
    async def parts(*, fails: bool = False) -> AsyncIterator[bytes]:
        for _ in range(BYTES // 50_000):
            yield b"x" * 50_000
        if fails:
            raise InvalidError("No more.")

    settings = FilesSettings(store=str(tmp_path))
    if place == "bucket":
        settings = request.getfixturevalue("bucket")
    store = FileStore(settings)
    await store.write("items/photo/1.a", parts())
    with pytest.raises(InvalidError):
        await store.write("items/photo/1.b", parts(fails=True))
    pages = [page async for page in store.pages("items/photo")]
    assert [key for page in pages for key, _ in page] == ["items/photo/1.a"]
    sizes = [len(part) async for part in store.stream("items/photo/1.a")]
    assert (sum(sizes), len(sizes) > 1) == (BYTES, True)
    await store.require("items/photo/1.a")
    for _ in range(2):
        await store.delete("items/photo/1.a")
    for look in (store.read, store.require):
        with pytest.raises(FileNotFoundError):
            await look("items/photo/1.a")
