"""The bare application: FastAPI and SQLAlchemy alone, with the SQL of a rendered project."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import AsyncAdaptedQueuePool, DateTime, Numeric, String, Text, event, func, select
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Every list that is measured runs at once in as many connections as the load has.
POOL_SIZE = 16


class Base(DeclarativeBase):
    """All tables."""


class ItemColumns:
    """The columns of an item."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(360))
    description: Mapped[str | None] = mapped_column(Text)
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Item(ItemColumns, Base):
    """The table that the rendered project's migration has made."""

    __tablename__ = "items"


class ItemQuery(BaseModel):
    """The parameters that the rendered list has: the framework parses as much in both."""

    skip: int = Field(0, ge=0)
    limit: int = Field(20, ge=1, le=100)
    total: bool = True
    sort: str = Field("-created_at", max_length=200)
    name__contains: str | None = Field(None, max_length=120)
    price__gte: Decimal | None = Field(None, ge=0)
    price__lte: Decimal | None = Field(None, ge=0)
    created_at__gte: datetime | None = None
    created_at__lt: datetime | None = None


class ItemRead(BaseModel):
    """An item."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    description: str | None
    price: Decimal
    created_at: datetime
    updated_at: datetime


class ItemPage(BaseModel):
    """A page of items."""

    items: list[ItemRead]
    total: int | None
    skip: int
    limit: int
    has_more: bool


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Open the request's transaction."""
    async with request.app.state.sessions.begin() as session:
        yield session


async def list_items(
    query: Annotated[ItemQuery, Query()],
    session: Annotated[AsyncSession, Depends(get_session, scope="function")],
) -> dict[str, Any]:
    """List items, the newest first."""
    newest = select(Item).order_by(Item.created_at.desc(), Item.id.desc())
    rows = (await session.scalars(newest.offset(query.skip).limit(query.limit + 1))).all()
    count = select(func.count()).select_from(Item)
    return {
        "items": rows[: query.limit],
        "total": (await session.scalars(count)).one() if query.total else None,
        "skip": query.skip,
        "limit": query.limit,
        "has_more": len(rows) > query.limit,
    }


async def read_static() -> dict[str, str]:
    """Answer without looking anything up."""
    return {"status": "ok"}


def create_engine(url: str) -> AsyncEngine:
    """Make an engine with the options that the rendered project sets."""
    options: dict[str, Any] = {
        "hide_parameters": True,
        "pool_size": POOL_SIZE,
        "max_overflow": 0,
        "pool_timeout": 5,
    }
    if url.startswith("postgresql"):
        limits = {"statement_timeout": "10000", "lock_timeout": "5000"}
        arguments = {"timeout": 5, "command_timeout": 11, "server_settings": limits}
        options |= {"pool_recycle": 1800, "pool_pre_ping": True, "connect_args": arguments}
        return create_async_engine(url, **options)
    engine = create_async_engine(url, poolclass=AsyncAdaptedQueuePool, **options)

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for setting in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {setting}")
        cursor.execute("PRAGMA busy_timeout=5000")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN DEFERRED")

    return engine


def create_empty_app(database_url: str) -> FastAPI:
    """Make an application that has a database and no endpoint."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = create_engine(database_url)
        app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        yield
        await engine.dispose()

    return FastAPI(lifespan=lifespan)


def create_app(database_url: str) -> FastAPI:
    """Assemble the application."""
    app = create_empty_app(database_url)
    app.get("/bench/static")(read_static)
    app.get("/api/v1/items", response_model=ItemPage)(list_items)
    return app
