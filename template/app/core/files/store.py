"""Where the content of files is kept: a folder, or a bucket of S3 or its like."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import obstore
import structlog
from obstore.store import LocalStore, S3Store
from pydantic import SecretStr

from app.core.settings import SettingsGroup

PART = 5 * 2**20
"""Bytes that are held in memory, twice: S3 takes no smaller ones (but for the last)."""
CHUNK = 65_536

logger = structlog.get_logger()


class FilesSettings(SettingsGroup):
    """Where the content of files is kept.

    Attributes:
        store: A folder, or `s3://bucket/prefix`; of this database alone.
        endpoint: The address of the bucket's server, if it is not Amazon's.
        region: Where the bucket is.
        access_key: Without one, what AWS has in the environment and the machine counts.
    """

    store: str = "var/files"
    endpoint: str | None = None
    region: str | None = None
    access_key: SecretStr | None = None
    secret_key: SecretStr | None = None


class FileStore:
    """Writes, reads, lists and deletes contents by their keys."""

    def __init__(self, settings: FilesSettings) -> None:
        self.folder: Path | None = None
        self.store: LocalStore | S3Store
        if settings.store.startswith("s3://"):
            bucket, _, prefix = settings.store.removeprefix("s3://").partition("/")
            options = options_of(settings)
            self.store = S3Store(bucket, prefix=prefix or None, **options)
        else:
            self.folder = Path(settings.store).absolute()
            self.store = LocalStore(self.folder, mkdir=True)

    async def write(self, key: str, content: AsyncIterator[bytes]) -> None:
        """Write a content under a new key; if that ends in an error, nothing is there.

        In a folder it has another name until all of it is there.
        """
        await obstore.put_async(
            self.store,
            key,
            content,
            chunk_size=PART,
            max_concurrency=2,
        )
        if self.folder:
            await asyncio.to_thread(synchronize, self.folder / key)

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """Open a content, and return its parts.

        Raises:
            FileNotFoundError: If there is none.
        """
        found = await obstore.get_async(self.store, key)
        return aiter(found.stream(min_chunk_size=CHUNK))

    async def require(self, key: str) -> None:
        """Look for a content, and read none of it.

        Raises:
            FileNotFoundError: If there is none.
        """
        await obstore.head_async(self.store, key)

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """Return the parts of a content, which is opened for the first."""
        async for part in await self.read(key):
            yield part

    async def delete(self, key: str) -> None:
        """Delete a content that no row has any more; pruning does what fails here."""
        try:
            await obstore.delete_async(self.store, key)
        except FileNotFoundError:
            return
        except Exception:
            logger.exception("file_not_deleted", key=key)

    async def pages(self, folder: str) -> AsyncIterator[list[tuple[str, datetime]]]:
        """Return the keys in a folder and when they were written, many at a time."""
        async for page in obstore.list(self.store, prefix=folder, chunk_size=1000):
            yield [(one["path"], one["last_modified"]) for one in page]


def options_of(settings: FilesSettings) -> dict[str, Any]:
    """Return what is said of a bucket."""
    options: dict[str, Any] = {}
    if settings.endpoint:
        plain = settings.endpoint.startswith("http://")
        options["endpoint"] = settings.endpoint
        options["client_options"] = {"allow_http": plain}
    if settings.region:
        options["region"] = settings.region
    if settings.access_key and settings.secret_key:
        options["access_key_id"] = settings.access_key.get_secret_value()
        options["secret_access_key"] = settings.secret_key.get_secret_value()
    return options


def synchronize(path: Path) -> None:
    """Have a file and its name on the disk before a row tells of it."""
    for one in (path, path.parent):
        if one.is_dir() and os.name == "nt":
            continue  # Windows opens no folders
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
