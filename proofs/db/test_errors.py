"""What a refused row is answered with, on every database alike."""

from collections.abc import AsyncIterator, Callable

import httpx2
import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from app.core.http.errors import IN_USE, conflict
from app.core.logging import configure_logging
from app.db import dialect
from app.db.base import NAMING_CONVENTION
from app.db.violations import Outage, Violation, ViolationKind
from proofs.fixtures.log import ReadLog
from proofs.fixtures.sample import MakeSample
from proofs.sample.models import SamplePart

metadata = MetaData(naming_convention=NAMING_CONVENTION)
age = Column("age", Integer, nullable=False)
parents = Table("parents", metadata, Column("id", Integer, primary_key=True))
children = Table(
    "children",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("parent_id", ForeignKey("parents.id")),
    Column("email_key", String(40), info={"field": "email"}),
    Column("street", String(40)),
    Column("city", String(40)),
    age,
    CheckConstraint(age > 0, name="age"),
    UniqueConstraint("email_key"),
    UniqueConstraint("street", "city"),
)
ROW = {"id": 1, "age": 1, "email_key": "a", "street": "s", "city": "c"}


@pytest.fixture
async def tables(engine: AsyncEngine) -> AsyncIterator[None]:
    """Create the tables of this module."""
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield
    async with engine.begin() as connection:
        await connection.run_sync(metadata.drop_all)


async def violate(
    connection: AsyncConnection, row: dict[str, object]
) -> Violation | None:
    await connection.execute(children.insert(), ROW)
    with pytest.raises(DBAPIError) as caught:
        await connection.execute(children.insert(), {**ROW, "id": 2, **row})
    await connection.rollback()
    return dialect.find_violation(caught.value, metadata)


@pytest.mark.parametrize(
    ("row", "kind", "fields"),
    [
        ({"street": "t"}, ViolationKind.UNIQUE, ("email",)),
        ({"email_key": "b"}, ViolationKind.UNIQUE, ("street", "city")),
        (
            {"email_key": "b", "city": "d", "age": None},
            ViolationKind.NOT_NULL,
            ("age",),
        ),
        ({"email_key": "b", "city": "d", "age": -1}, ViolationKind.CHECK, ("age",)),
    ],
)
@pytest.mark.usefixtures("tables")
async def test_a_violation_names_its_fields(
    engine: AsyncEngine,
    row: dict[str, object],
    kind: ViolationKind,
    fields: tuple[str, ...],
) -> None:
    async with engine.connect() as connection:
        assert await violate(connection, row) == Violation(kind, fields)


@pytest.mark.usefixtures("tables")
async def test_a_missing_parent_is_a_violation(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        violation = await violate(
            connection, {"email_key": "b", "city": "d", "parent_id": 9}
        )
    assert violation is not None
    assert violation.kind is ViolationKind.FOREIGN_KEY
    assert set(violation.fields) <= {"parent_id"}


@pytest.mark.usefixtures("tables")
async def test_a_mistake_of_ours_is_neither_a_violation_nor_an_outage(
    engine: AsyncEngine,
) -> None:
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError) as caught:
            await connection.exec_driver_sql("SELECT nothing FROM nowhere")
    assert dialect.find_violation(caught.value, metadata) is None
    assert dialect.find_outage(caught.value) is None


@pytest.mark.parametrize("outage", Outage)
async def test_an_outage_is_named_in_the_log_and_tells_clients_nothing_of_the_server(
    client: httpx2.AsyncClient,
    add_route: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    log: ReadLog,
    outage: Outage,
) -> None:
    async def fail() -> None:
        raise OperationalError("canary", {}, OSError("canary of the driver"))

    configure_logging("INFO", json=True)
    add_route("/fail", fail)
    monkeypatch.setattr(dialect, "find_outage", lambda _: outage)
    response = await client.get("/fail")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert response.json()["detail"] == outage.value
    assert "canary" not in response.text
    [entry] = [one for one in log() if one["event"] == "database_unavailable"]
    assert entry["kind"] == outage.name.lower()
    assert entry["error"] == "canary of the driver"


def test_a_conflict_names_the_fields_with_a_message_each() -> None:
    error = conflict(Violation(ViolationKind.UNIQUE, ("street", "city")))
    assert error.status == 409
    assert error.fields == {field: [error.detail] for field in ("street", "city")}


async def test_what_is_still_in_use_is_not_deleted_and_no_field_is_to_blame(
    client: httpx2.AsyncClient, make_sample: MakeSample, session: AsyncSession
) -> None:
    sample = await make_sample()
    session.add(SamplePart(sample_id=sample.id))
    await session.commit()
    response = await client.delete(f"/samples/{sample.id}")
    assert response.status_code == 409
    assert response.json()["detail"] == IN_USE
    assert "field_errors" not in response.json()
