"""A WebSocket knows its user, by the credentials of the request that opens it."""

from collections.abc import Iterator

import httpx2
import pytest
from fastapi import WebSocket
from starlette.testclient import TestClient, WebSocketDenialResponse

from app.accounts import WebSocketPrincipal
from app.config import Settings
from app.main import create_app
from proofs.conditions import JWT, ROOT

PASSWORD = "Nine-Lamps-On-A-Shelf"
PATH = "/who"
API = "/api/v1/auth"


async def tell(socket: WebSocket, principal: WebSocketPrincipal) -> None:
    await socket.accept()
    await socket.send_text(principal.user.username)


@pytest.fixture
def caller(own_database: Settings, restored_logging: None) -> Iterator[TestClient]:  # noqa: ARG001
    """Give a client of an application of its own, which has started."""
    app = create_app(own_database.model_copy(update={"mail_worker_enabled": False}))
    app.add_api_websocket_route(PATH, tell)
    with TestClient(app) as client:
        yield client


@pytest.fixture
def credentials(caller: TestClient) -> dict[str, str]:
    """Give the headers of a user who has just logged in."""
    body = {"email": "ada@example.com", "username": "ada", "password": PASSWORD}
    registered = caller.post(f"{API}/register", json=body)
    assert registered.status_code in {201, 409}, registered.text
    form = {"username": "ada", "password": PASSWORD}
    login = caller.post(f"{API}/login", data=form)
    assert login.status_code == 200, login.text
    caller.cookies.clear()
    return headers_of(login)


def headers_of(login: httpx2.Response) -> dict[str, str]:
    """Return what proves the session."""
    if JWT(ROOT):
        return {"Authorization": f"Bearer {login.json()['access_token']}"}
    cookie = login.headers["Set-Cookie"].partition(";")[0]
    return {"Cookie": cookie, "X-CSRF-Token": login.json()["csrf_token"]}


def refusal(caller: TestClient, headers: dict[str, str]) -> WebSocketDenialResponse:
    """Return the answer to who may not open one."""
    with pytest.raises(WebSocketDenialResponse) as refused:
        caller.websocket_connect(PATH, headers=headers).__enter__()
    return refused.value


def test_it_knows_its_user(caller: TestClient, credentials: dict[str, str]) -> None:
    with caller.websocket_connect(PATH, headers=credentials) as socket:
        assert socket.receive_text() == "ada"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer x.y.z"}, {"Cookie": "session=forged"}],
)
def test_nobody_else_opens_it(caller: TestClient, headers: dict[str, str]) -> None:
    answer = refusal(caller, headers)
    assert answer.status_code == 401
    assert answer.json()["error_code"] == "unauthorized"
    assert "WWW-Authenticate" in answer.headers


def test_a_session_that_has_ended_opens_none(
    caller: TestClient, credentials: dict[str, str]
) -> None:
    assert caller.post(f"{API}/logout", headers=credentials).status_code == 204
    assert refusal(caller, credentials).status_code == 401


if JWT(ROOT):

    def test_a_page_shows_its_token_as_a_subprotocol(
        caller: TestClient, credentials: dict[str, str]
    ) -> None:
        token = credentials["Authorization"].removeprefix("Bearer ")
        with caller.websocket_connect(PATH, subprotocols=["bearer", token]) as socket:
            assert socket.receive_text() == "ada"

    @pytest.mark.parametrize("subprotocols", [["bearer"], ["bearer", "x"], ["chat"]])
    def test_another_subprotocol_proves_nothing(
        caller: TestClient, subprotocols: list[str]
    ) -> None:
        with pytest.raises(WebSocketDenialResponse) as refused:
            caller.websocket_connect(PATH, subprotocols=subprotocols).__enter__()
        assert refused.value.status_code == 401

else:

    def test_pages_of_another_origin_open_none(
        caller: TestClient, credentials: dict[str, str]
    ) -> None:
        cookie = {"Cookie": credentials["Cookie"]}
        answer = refusal(caller, cookie | {"Origin": "https://evil.example"})
        assert (answer.status_code, answer.json()["error_code"]) == (403, "csrf")
        own = cookie | {"Origin": "http://testserver"}
        with caller.websocket_connect(PATH, headers=own) as socket:
            assert socket.receive_text() == "ada"
