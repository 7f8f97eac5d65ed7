"""Mail as files, for whoever develops the application."""

import asyncio
import os
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from tempfile import mkstemp

import structlog

logger = structlog.get_logger()


class FolderMailer:
    """Writes each message into a file of its own, which only its owner can read.

    Args:
        folder: Where the files are; it is made if it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: EmailMessage) -> None:
        """Write a message."""
        path = await asyncio.to_thread(self._write, message)
        logger.info("mail_written", file=str(path))

    def _write(self, message: EmailMessage) -> Path:
        """Write under another name first: whoever watches the folder finds whole messages."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-"
        descriptor, unfinished = mkstemp(prefix=name, suffix=".part", dir=self._folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes())
        return Path(unfinished).rename(Path(unfinished).with_suffix(".eml"))
