"""Lists and addresses in settings: what is clear is read, what cannot work is refused."""

import pytest
from pydantic import ValidationError

from app.config import load_settings
from app.core.settings import CorsSettings, HttpSettings, ServerSettings

APP, ADMIN = "https://app.example.com", "https://admin.example.com"
LISTS = [
    f"{APP},{ADMIN}",
    f" {APP} , {ADMIN}, ",
    f"{APP},\n  {ADMIN}",
    f'"{APP}, {ADMIN}"',
    f'"{APP}","{ADMIN}"',
    f'["{APP}", "{ADMIN}"]',
    f"['{APP}', '{ADMIN}']",
    f'[\n  "{APP}",\n  "{ADMIN}"\n]',
    f"'{APP}/', {ADMIN.upper()}:443",
]


@pytest.mark.parametrize("value", LISTS)
def test_a_list_is_read_in_the_forms_that_people_write(
    environment: pytest.MonkeyPatch, value: str
) -> None:
    environment.setenv("CORS__ALLOW_ORIGINS", value)
    assert load_settings().cors.allow_origins == (APP, ADMIN)


@pytest.mark.parametrize("value", ["[]", "''", '""', " ", ","])
def test_an_empty_list_is_one(environment: pytest.MonkeyPatch, value: str) -> None:
    environment.setenv("CORS__ALLOW_ORIGINS", value)
    assert load_settings().cors.allow_origins == ()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("*", "*"),
        ("HTTP://Localhost:3000/", "http://localhost:3000"),
        ("http://app.example.com:80", "http://app.example.com"),
        ("https://app.example.com:80", "https://app.example.com:80"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("capacitor://localhost", "capacitor://localhost"),
        ("chrome-extension://abcdefgh", "chrome-extension://abcdefgh"),
    ],
)
def test_an_origin_is_what_browsers_send(written: str, read: str) -> None:
    assert CorsSettings(allow_origins=[written]).allow_origins == (read,)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "app.example.com",
        "localhost:3000",
        "https://*.example.com",
        "https://app.example.com/shop",
        "https://app.example.com?a=b",
        "https://ada@app.example.com",
        "https://app.example.com https://admin.example.com",
        "https://",
        "[https://app.example.com",
        "https://app..example.com",
        f"https://{'a' * 64}.example.com",
    ],
)
def test_an_origin_that_no_page_has_is_refused(
    environment: pytest.MonkeyPatch, origin: str
) -> None:
    environment.setenv("CORS__ALLOW_ORIGINS", f"{APP}, {origin}")
    with pytest.raises(SystemExit) as caught:
        load_settings()
    [line] = str(caught.value).splitlines()[1:]
    assert line.startswith("CORS__ALLOW_ORIGINS: ")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("*", "*"),
        ("API.example.com.", "api.example.com"),
        ("*.Example.com", "*.example.com"),
        ("https://api.example.com/", "api.example.com"),
        ("api.example.com:8000", "api.example.com"),
        ("::1", "[::1]"),
        ("[::1]", "[::1]"),
        ("127.0.0.1", "127.0.0.1"),
        ("my_service", "my_service"),
        ("bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_a_host_is_what_clients_send(written: str, read: str) -> None:
    assert HttpSettings(allowed_hosts=[written]).allowed_hosts == (read,)


@pytest.mark.parametrize(
    "host",
    [
        ".example.com",
        "*example.com",
        "api.*.com",
        "a b",
        "ftp://a.example",
        "a/b",
        "a..b",
        "[a]",
    ],
)
def test_a_host_that_no_request_can_have_is_refused(host: str) -> None:
    with pytest.raises(ValidationError, match="must be names such as api"):
        HttpSettings(allowed_hosts=[host])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("10.1.2.3/8", "10.0.0.0/8"),
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7/32", "192.0.2.7"),
        ("10.0.0.0/255.0.0.0", "10.0.0.0/8"),
        ("[::1]", "::1"),
        ("FD00::/8", "fd00::/8"),
    ],
)
def test_a_network_may_be_written_as_one_of_its_addresses(
    written: str, read: str
) -> None:
    assert HttpSettings(trusted_proxies=[written]).trusted_proxies == (read,)


@pytest.mark.parametrize(
    "network", ["*", "localhost", "10.0.0.0/33", "10.0.0.1:8000", "http://10.0.0.1"]
)
def test_what_is_no_network_is_refused(network: str) -> None:
    with pytest.raises(ValidationError, match=r"such as 10\.0\.0\.0/8"):
        HttpSettings(trusted_proxies=[network])


@pytest.mark.parametrize("network", ["0.0.0.0/0", "1.2.3.4/0", "::/0", "128.0.0.0/1"])
def test_a_network_of_everybody_is_not_trusted(network: str) -> None:
    with pytest.raises(ValidationError, match="must not have all addresses"):
        HttpSettings(trusted_proxies=["10.0.0.0/8", network])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0.0.0.0", "0.0.0.0"),  # noqa: S104
        ("[::]", "::"),
        ("localhost", "localhost"),
        ("db-1.internal", "db-1.internal"),
    ],
)
def test_a_machine_is_named_without_a_port(written: str, read: str) -> None:
    assert ServerSettings(host=written).host == read


@pytest.mark.parametrize(
    "host", ["*", "0.0.0.0:8000", "http://localhost", "a b", "smtp://mail.example.com"]
)
def test_a_machine_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(ValidationError, match="without scheme and port"):
        ServerSettings(host=host)
