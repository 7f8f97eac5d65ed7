"""Whom the API believes: hosts, proxies, plain HTTP."""

import httpx2
import pytest
from fastapi import APIRouter, Request

from app.core.errors import BadRequestError
from app.core.http.request import check_host
from app.core.settings import HttpSettings
from proofs.fixtures.custom import MakeClient
from proofs.fixtures.log import ReadLog

PROXIES = ("10.0.0.0/8", "192.0.2.1")

router = APIRouter()


@router.get("/scheme")
async def get_scheme(request: Request) -> str:
    return request.url.scheme


@pytest.mark.parametrize(
    "host",
    [
        "api.example.com",
        "API.example.com:8000",
        "a.example.org",
        "a.b.example.org",
        "[::1]:80",
        "api.example.com.",
        "a.example.ORG.:80",
    ],
)
async def test_known_hosts_are_served(make_client: MakeClient, host: str) -> None:
    hosts = ("API.example.com", "*.example.org", "[::1]")
    client = make_client(router, http=HttpSettings(allowed_hosts=hosts))
    assert (await client.get("/scheme", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.test",
        "example.org",
        ".example.org",
        "evilexample.org",
        "api.example.com.evil.test",
        "a@evil.test",
    ],
)
async def test_other_hosts_are_refused(make_client: MakeClient, host: str) -> None:
    hosts = ("api.example.com", "*.example.org")
    client = make_client(http=HttpSettings(allowed_hosts=hosts))
    response = await client.get("/openapi.json", headers={"Host": host})
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "evil" not in response.text


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        ["test", "test"],
        ["test", "evil.test"],
        ["test/evil"],
        ["test:65536"],
        ["test:a"],
        ["a b"],
        ["a..b"],
        ["[::1"],
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/openapi.json", "/health/live"])
async def test_a_request_has_one_valid_host(
    make_client: MakeClient, hosts: list[str], path: str
) -> None:
    request = httpx2.Request("GET", f"http://test{path}")
    request.headers = httpx2.Headers([("Host", host) for host in hosts])
    response = await make_client().send(request)
    assert response.status_code == 400
    assert response.json()["detail"] == "The request must have one valid `Host`."
    assert "X-Content-Type-Options" in response.headers


def test_http_1_0_may_name_no_host() -> None:
    scope = {"http_version": "1.0", "headers": [], "path": "/health/live"}
    check_host(scope, ("api.example.com",))
    check_host(scope | {"path": "/"}, ("*",))
    with pytest.raises(BadRequestError):
        check_host(scope | {"path": "/"}, ("api.example.com",))


async def test_plain_http_is_not_redirected_to_another_host(
    make_client: MakeClient,
) -> None:
    client = make_client(
        http=HttpSettings(https_redirect=True, allowed_hosts=("test",))
    )
    response = await client.get("/openapi.json", headers={"Host": "evil.test"})
    assert response.status_code == 400
    assert "Location" not in response.headers


async def test_plain_http_is_redirected_if_wanted(make_client: MakeClient) -> None:
    client = make_client(http=HttpSettings(https_redirect=True))
    response = await client.get("/openapi.json?a=b")
    assert response.status_code == 307
    assert response.headers["Location"] == "https://test/openapi.json?a=b"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("address", "status"), [("10.1.2.3", 200), ("203.0.113.9", 307)]
)
async def test_only_a_trusted_proxy_can_say_that_it_speaks_https(
    make_client: MakeClient, address: str, status: int
) -> None:
    http = HttpSettings(https_redirect=True, trusted_proxies=PROXIES)
    client = make_client(router, http=http, address=address)
    response = await client.get("/scheme", headers={"X-Forwarded-Proto": "https"})
    assert response.status_code == status


async def test_probes_come_by_address_and_over_plain_http(
    make_client: MakeClient,
) -> None:
    http = HttpSettings(https_redirect=True, allowed_hosts=("api.example.com",))
    client = make_client(http=http)
    assert (await client.get("http://10.0.0.7/health/live")).status_code == 200
    assert (await client.get("http://10.0.0.7/healthy")).status_code == 400


@pytest.mark.parametrize(
    ("peer", "forwarded", "client_address"),
    [
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("10.1.2.3", "198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", "1.1.1.1, 198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", "1.1.1.1, 198.51.100.7, 192.0.2.1", "198.51.100.7"),
        ("127.0.0.1", "198.51.100.7", "127.0.0.1"),
    ],
)
async def test_the_client_is_the_last_hop_that_is_not_trusted(
    make_client: MakeClient,
    log: ReadLog,
    peer: str,
    forwarded: str,
    client_address: str,
) -> None:
    client = make_client(
        router, address=peer, http=HttpSettings(trusted_proxies=PROXIES)
    )
    await client.get("/scheme", headers={"X-Forwarded-For": forwarded})
    assert log()[-1]["client"] == client_address


async def test_no_proxy_is_trusted_by_default(
    make_client: MakeClient, log: ReadLog
) -> None:
    client = make_client(router, address="127.0.0.1")
    headers = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}
    response = await client.get("/scheme", headers=headers)
    assert response.json() == "http"
    assert log()[-1]["client"] == "127.0.0.1"
