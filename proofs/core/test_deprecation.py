"""How the API changes: a new version beside the old one, operations that will go away."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import APIRouter, Depends

from app.core.errors import NotFoundError
from proofs.fixtures.custom import MakeClient

GUIDE = Path(__file__).parents[2] / "CONTRIBUTING.md"


def written_in_the_guide() -> dict[str, Any]:
    """Return what the guide's example defines."""
    found: dict[str, Any] = {}
    _, _, rest = GUIDE.read_text().partition("```python\n")
    exec(rest.partition("```")[0], found)  # noqa: S102
    return found


announcement = written_in_the_guide()["deprecated"](
    since=datetime(2026, 1, 1, tzinfo=UTC),
    sunset=datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    successor="/api/v2/things",
)
HEADERS = {
    "Deprecation": "@1767225600",
    "Sunset": "Thu, 31 Dec 2026 23:59:59 GMT",
    "Link": '</api/v2/things>; rel="successor-version"',
}

v1 = APIRouter(prefix="/api/v1")
v2 = APIRouter(prefix="/api/v2")
router = APIRouter()


@v1.get("/things/{thing_id}", dependencies=[Depends(announcement)], deprecated=True)
async def get_old_thing(thing_id: UUID) -> str:
    if thing_id.int == 0:
        raise NotFoundError("There is no such thing.")
    if thing_id.int == 1:
        raise RuntimeError
    return "old"


@v2.get("/things/{thing_id}")
async def get_thing(thing_id: UUID) -> str:
    return f"new {thing_id}"


router.include_router(v1)
router.include_router(v2)


@pytest.fixture
def versions(make_client: MakeClient) -> httpx2.AsyncClient:
    """Give a client of an API with two versions."""
    return make_client(router)


@pytest.mark.parametrize(
    ("thing_id", "status"),
    [(UUID(int=7), 200), (UUID(int=0), 404), ("x", 422), (UUID(int=1), 500)],
)
async def test_every_answer_of_a_deprecated_operation_announces_its_end(
    versions: httpx2.AsyncClient, thing_id: object, status: int
) -> None:
    response = await versions.get(f"/api/v1/things/{thing_id}")
    assert response.status_code == status
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


async def test_a_new_version_is_served_beside_the_old_one(
    versions: httpx2.AsyncClient,
) -> None:
    response = await versions.get(f"/api/v2/things/{UUID(int=7)}")
    assert response.json() == f"new {UUID(int=7)}"
    assert "Deprecation" not in response.headers


async def test_the_documentation_marks_what_is_deprecated(
    versions: httpx2.AsyncClient,
) -> None:
    paths = (await versions.get("/openapi.json")).json()["paths"]
    assert paths["/api/v1/things/{thing_id}"]["get"]["deprecated"] is True
    assert "deprecated" not in paths["/api/v2/things/{thing_id}"]["get"]
