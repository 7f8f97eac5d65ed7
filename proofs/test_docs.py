"""The interactive documentation, which needs no other host."""

import base64
import hashlib
import re

import httpx2
import pytest

from app.core.settings import ApiSettings
from proofs.fixtures.custom import MakeClient

PAGES = ["/docs", "/redoc"]
PATHS = [*PAGES, "/openapi.json", "/docs/assets/swagger-ui.css"]


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_refers_to_no_other_host(
    client: httpx2.AsyncClient, page: str
) -> None:
    response = await client.get(page)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    addresses = re.findall(
        r"""(?:src|href|url|spec-url)\s*[=:]\s*["']([^"']+)""", response.text
    )
    assert len(addresses) >= 3
    assert all(re.match(r"/(?!/)", address) for address in addresses)
    assert "//" not in re.sub(r"(?m)<!--.*?-->|^\s*//.*$", "", response.text)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("swagger-ui-bundle.js", "text/javascript"),
        ("swagger-ui.css", "text/css"),
        ("redoc.standalone.js", "text/javascript"),
        ("favicon.png", "image/png"),
    ],
)
async def test_the_assets_of_the_pages_are_served(
    client: httpx2.AsyncClient, name: str, media_type: str
) -> None:
    pages = [(await client.get(page)).text for page in PAGES]
    response = await client.get(f"/docs/assets/{name}")
    assert any(f'"/docs/assets/{name}"' in page for page in pages)
    assert response.status_code == 200
    assert response.headers["Content-Type"].split(";")[0] == media_type
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def directives(response: httpx2.Response) -> dict[str, list[str]]:
    policy = response.headers["Content-Security-Policy"]
    return {
        name: values for name, *values in (part.split() for part in policy.split(";"))
    }


@pytest.mark.parametrize("page", PAGES)
async def test_the_policy_of_a_page_allows_its_own_scripts_alone(
    client: httpx2.AsyncClient, page: str
) -> None:
    response = await client.get(page)
    scripts = re.findall(r"<script>(.*?)</script>", response.text, re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    hashes = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    policy = directives(response)
    assert policy["script-src"] == ["'self'", *hashes]
    closed = ("default-src", "base-uri", "frame-ancestors")
    assert [policy[name] for name in closed] == [["'none'"]] * 3
    assert not re.search(r"""\son\w+=|javascript:""", response.text)


@pytest.mark.parametrize("path", PATHS)
async def test_production_shows_no_documentation(
    make_client: MakeClient, path: str
) -> None:
    assert (await make_client(environment="production").get(path)).status_code == 404


@pytest.mark.parametrize("path", PATHS)
async def test_production_shows_documentation_if_told(
    make_client: MakeClient, path: str
) -> None:
    client = make_client(environment="production", api=ApiSettings(docs=True))
    assert (await client.get(path)).status_code == 200


@pytest.mark.parametrize(
    "path", ["../../fastapi_offline/core.py", "%2e%2e/core.py", "nothing.js"]
)
async def test_nothing_but_assets_is_served_as_one(
    client: httpx2.AsyncClient, path: str
) -> None:
    response = await client.get(f"/docs/assets/{path}")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


async def test_the_folder_of_the_assets_is_no_page(client: httpx2.AsyncClient) -> None:
    for path in ("/docs/assets", "/docs/assets/", "/docs/"):
        assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    "value", ["bytes=0-1", "bytes=9-1", "lines=1-2", "bytes=99999999-"]
)
async def test_assets_are_served_whole(client: httpx2.AsyncClient, value: str) -> None:
    path = "/docs/assets/swagger-ui.css"
    response = await client.get(path, headers={"Range": value})
    assert response.status_code == 200
    assert response.headers["Accept-Ranges"] == "none"
    assert response.content == (await client.get(path)).content
