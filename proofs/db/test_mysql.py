"""What is particular to MySQL and MariaDB."""

import asyncio
import ssl

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from app.config import Settings
from app.db import dialect
from app.db.mysql import DatabaseSettings, encryption
from app.db.violations import Outage, Violation, ViolationKind
from migrations import patience
from proofs.db.test_errors import metadata
from proofs.fixtures.sample import MakeSample
from proofs.sample.models import Sample


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("mysql://u:p@db/name", "mysql+asyncmy://u:p@db/name?charset=utf8mb4"),
        ("mariadb://db:3307/name", "mysql+asyncmy://db:3307/name?charset=utf8mb4"),
        ("mysql+asyncmy://db/name", "mysql+asyncmy://db/name?charset=utf8mb4"),
        (
            "mysql://db/name?ssl-mode=REQUIRED",
            "mysql+asyncmy://db/name?charset=utf8mb4&ssl_mode=REQUIRED",
        ),
    ],
)
def test_an_address_names_its_driver(given: str, expected: str) -> None:
    assert dialect.normalize_url(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        "",
        "mysql://db/name?ssl_mode=on",
        "mysql://db/name?ssl_ca=missing.pem",
        "db/name",
        "http://db/name",
        "mssql://db/name",
        "mysql://db/name?local_infile=1",
    ],
)
def test_another_address_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"must|unknown"):
        dialect.normalize_url(given)


def test_production_refuses_the_password_of_the_examples() -> None:
    dialect.refuse_in_production("mysql+asyncmy://app:Wq3-rT9@db/name")
    with pytest.raises(ValueError, match="DATABASE_URL"):
        dialect.refuse_in_production("mysql+asyncmy://app:change-me@db/name")


@pytest.mark.parametrize(
    ("mode", "verified", "named"),
    [
        ("REQUIRED", ssl.CERT_NONE, False),
        ("VERIFY_CA", ssl.CERT_REQUIRED, False),
        ("VERIFY_IDENTITY", ssl.CERT_REQUIRED, True),
    ],
)
def test_encryption_is_as_strict_as_its_mode(
    mode: str, verified: ssl.VerifyMode, named: bool
) -> None:
    context = encryption(mode)["ssl"]
    assert (context.verify_mode, context.check_hostname) == (verified, named)
    assert encryption("DISABLED") == {}


async def test_every_table_compares_text_exactly(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        collations = await connection.execute(
            text(
                "SELECT DISTINCT table_collation FROM information_schema.tables"
                " WHERE table_schema = DATABASE()"
            )
        )
        assert [row[0] for row in collations] == ["utf8mb4_bin"]


@pytest.mark.committed
async def test_a_transaction_sees_what_others_have_committed(
    sessions: async_sessionmaker[AsyncSession], make_sample: MakeSample
) -> None:
    async with sessions() as reader:
        before = list(await reader.scalars(select(Sample.name)))
        sample = await make_sample()
        after = list(await reader.scalars(select(Sample.name)))
    assert (before, after) == ([], [sample.name])


async def test_text_of_every_plane_is_stored(
    session: AsyncSession, make_sample: MakeSample
) -> None:
    sample = await make_sample(name="🎉 漢字")
    await session.refresh(sample)
    assert sample.name == "🎉 漢字"


async def test_a_long_wait_for_a_lock_is_ended_by_the_server(
    settings: Settings, engine: AsyncEngine
) -> None:
    url = settings.database_url.get_secret_value()
    impatient = dialect.create_engine(url, DatabaseSettings(lock_timeout=1))
    async with engine.begin() as holder, impatient.connect() as waiter:
        await holder.execute(text("INSERT INTO alembic_version VALUES ('held')"))
        with pytest.raises(DBAPIError) as caught:
            await waiter.execute(text("SELECT * FROM alembic_version FOR UPDATE"))
        await holder.rollback()
    await impatient.dispose()
    assert dialect.find_outage(caught.value) is Outage.LOCKED


@pytest.mark.usefixtures("migrated")
async def test_a_slow_query_is_ended_by_the_server(settings: Settings) -> None:
    url = settings.database_url.get_secret_value()
    engine = dialect.create_engine(url, DatabaseSettings(statement_timeout=0.1))
    slow = "SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b"
    with pytest.raises(DBAPIError) as caught:
        async with engine.connect() as connection:
            await connection.execute(text(slow))
    await engine.dispose()
    assert dialect.find_outage(caught.value) is Outage.SLOW


async def test_a_check_of_mysql_is_named_as_one_of_mariadb(engine: AsyncEngine) -> None:
    said = "Check constraint ''ck_children_age'' is violated."
    signal = f"SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 3819, MESSAGE_TEXT = '{said}'"
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError) as caught:
            await connection.execute(text(signal))
    expected = Violation(ViolationKind.CHECK, ("age",))
    assert dialect.find_violation(caught.value, metadata) == expected


@pytest.mark.parametrize(
    ("number", "outage"),
    [
        (1021, Outage.FULL),
        (1114, Outage.FULL),
        (1205, Outage.LOCKED),
        (1213, Outage.LOCKED),
        (3024, Outage.SLOW),
        (1040, Outage.GONE),
        (1290, Outage.GONE),
        (1365, None),
    ],
)
async def test_each_outage_has_its_kind(
    engine: AsyncEngine, number: int, outage: Outage | None
) -> None:
    statement = f"SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {number}"
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError) as caught:
            await connection.execute(text(statement))
    assert dialect.find_outage(caught.value) is outage


async def test_a_migration_waits_for_rows_that_others_change(
    empty_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()
    original = patience.is_lock_timeout

    def is_lock_timeout(error: object) -> bool:
        tried.set()
        return original(error)

    monkeypatch.setattr(patience, "is_lock_timeout", is_lock_timeout)
    url = empty_database.database_url.get_secret_value()
    engine = dialect.create_engine(url, DatabaseSettings(lock_timeout=1))
    update = text("UPDATE waited SET size = :size WHERE id = :id")
    async with engine.connect() as holder, engine.connect() as migrating:
        await holder.execute(text("CREATE TABLE waited (id INT PRIMARY KEY, size INT)"))
        await holder.execute(text("INSERT INTO waited VALUES (1, 1), (2, 2)"))
        await holder.commit()
        await holder.execute(update, {"id": 2, "size": 3})
        await migrating.run_sync(patience.retry_statements)
        rows = [{"id": one, "size": 9} for one in (1, 2)]
        waiting = asyncio.create_task(migrating.execute(update, rows))
        begun = asyncio.create_task(tried.wait())
        await asyncio.wait([begun, waiting], return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        await holder.commit()
        await waiting
        sizes = await migrating.scalars(text("SELECT size FROM waited"))
        assert sizes.all() == [9, 9]
    await engine.dispose()
