"""A project with a database of its own, in which rows are kept through changes of the tables."""

from __future__ import annotations

import ast
import asyncio
import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.util import cache_from_source
from inspect import getsource
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import yaml
from copier import run_copy
from sqlalchemy import URL, NullPool, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.suites.lanes import Lane
from tests.support.ending import AT_END
from tests.update.updating import Files, content


def confirm(versions: Path) -> None:
    """Delete the checks of the newest migration, as an owner does who wants the loss."""
    newest = max(versions.glob("*.py"), key=lambda one: one.stat().st_mtime)
    lines = newest.read_text().splitlines(keepends=True)
    for node in reversed([*ast.walk(ast.parse("".join(lines)))]):
        if isinstance(node, ast.If) and "delete this check" in ast.unparse(node):
            del lines[node.lineno - 1 : node.end_lineno]
    newest.write_text("".join(lines))


MIGRATE = f"""
import ast, sys
from pathlib import Path
from alembic.config import main

{getsource(confirm)}
for words in sys.argv[1:]:
    confirm(Path("migrations/versions")) if words == "confirm" else main(argv=words.split())
"""

ADD = """
import asyncio, datetime, sys
from decimal import Decimal
from uuid import UUID
from sqlalchemy import insert
import app.models
from app.config import load_settings
from app.db import dialect
from app.db.base import Base

async def main(*rows):
    settings = load_settings()
    engine = dialect.create_engine(settings.database_url.get_secret_value(), settings.database)
    async with engine.begin() as connection:
        for table, values in rows:
            await connection.execute(insert(Base.metadata.tables[table]).values(values))
    await engine.dispose()

asyncio.run(main(*eval(sys.argv[1])))
"""

DRIVERS = {
    "mysql": "mysql+asyncmy",
    "postgresql": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
}

WRITE = "revision --autogenerate --message=change"
THERE_AND_BACK = ("upgrade head", "check", "downgrade -1", "upgrade head", "check")
CHANGE = (WRITE, "confirm", *THERE_AND_BACK)
"""What an owner does who has changed the models, and wants what is lost by it."""

ADA, BOB = UUID(int=1), UUID(int=2)

Row = tuple[str, dict[str, object]]


MODULES = [
    "aiosqlite",
    "alembic.autogenerate",
    "asyncmy",
    "asyncpg",
    "email_validator",
    "fastapi",
    "httpx2",
    "jose.jwt",
    "passlib.hash",
    "pydantic_settings",
    "sqlalchemy.dialects.mysql.asyncmy",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "sqlalchemy.ext.asyncio",
    "structlog",
    "uvicorn",
]
"""What projects import, which takes most of the time of a short script."""


@cache
def lane() -> Lane:
    """A process that has imported them; it ends with the tests."""
    found = Lane(MODULES)
    AT_END.callback(found.close)
    return found


@dataclass(frozen=True)
class Living:
    """A project and the address of its database."""

    root: Path
    url: str

    def change(self, **answers: Any) -> None:
        """Change answers: where nobody has edited a file, that is what an update leaves.

        `test_changed_answers` and `test_resources` prove it; an update takes five times as long.
        """
        file = self.root / ".copier-answers.yml"
        former = yaml.safe_load(file.read_text())
        known = {name: one for name, one in former.items() if not name.startswith("_")}
        with TemporaryDirectory() as folder:
            fresh = Path(folder, "project")
            run_copy(former["_src_path"], fresh, known | answers, defaults=True, quiet=True)
            take_over(content(fresh), self.root)

    def alembic(self, *commands: str) -> None:
        """Run commands of Alembic, one after the other; all must succeed."""
        done = self.try_alembic(*commands)
        assert done.returncode == 0, done.stdout + done.stderr

    def try_alembic(self, *commands: str) -> subprocess.CompletedProcess[str]:
        """Run commands of Alembic until one fails."""
        return self._run(MIGRATE, *commands)

    def newest(self) -> Path:
        """The migration that was written last."""
        return max(self.root.glob("migrations/versions/*.py"), key=lambda one: one.stat().st_mtime)

    def confirm(self) -> None:
        """Delete the checks of the newest migration, as an owner does who wants the loss."""
        confirm(self.root / "migrations/versions")

    def add(self, *rows: Row) -> None:
        """Add rows to tables of the models."""
        done = self._run(ADD, repr(rows))
        assert done.returncode == 0, done.stderr

    def look(self, statement: str) -> list[str]:
        """Give what a query finds, a line for each row."""
        url = make_url(self.url)
        return asyncio.run(find(url.set(drivername=DRIVERS[url.drivername]), statement))

    def run(self, script: str, *arguments: str) -> str:
        """Run a script in the project, and give what it prints."""
        done = self._run(script, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "DATABASE_URL": self.url}
        return lane().run_script(self.root, script, arguments, environment)


async def find(url: URL, statement: str) -> list[str]:
    """Give the rows of a query, each as a line."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        rows = await connection.execute(text(statement))
        return [" ".join(map(str, row)) for row in rows]


def take_over(files: Files, root: Path) -> None:
    """Let a project have these files, and no other that an update answers for."""
    known = content(root)
    for name in [one for one in known if one not in files and "__pycache__" not in one]:
        (root / name).unlink()
    for name, (raw, mode) in files.items():
        if known.get(name) != (raw, mode):
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(raw)
            file.chmod(mode)
            # A file of the same size and second would be taken for the one that was compiled.
            Path(cache_from_source(str(file))).unlink(missing_ok=True)


def user(key: UUID) -> Row:
    name = f"user-{key.int}"
    values = {"email": name, "email_key": name, "username": name, "username_key": name}
    return "users", {"id": key, "hashed_password": "!", **values}


def login(key: UUID) -> Row:
    values = {"user_agent": "", "address": "", "expires_at": datetime(2100, 1, 1, tzinfo=UTC)}
    return "auth_sessions", {"user_id": key, **values}


def item(name: str, owner: UUID | None = None, **others: object) -> Row:
    values = {"name": name, "name_key": name.lower(), "price": 2, "row_version": 1, **others}
    return "items", values | ({"owner_id": owner} if owner else {})
