"""Which requests come from the same client."""

from app.core.settings import HttpSettings
from proofs.fixtures.limits import Call, Limit
from proofs.rate_limit.calls import statuses


async def test_every_client_is_counted_by_itself(
    limit_app: Limit, call_from: Call
) -> None:
    app = limit_app("1/hour")
    for address in (
        "198.51.100.1",
        "198.51.100.2",
        "2001:db8:0:1::1",
        "2001:db8:0:2::1",
    ):
        assert await statuses(call_from(app, address), "/openapi.json", 2) == [200, 429]
    for same in ("2001:db8:0:1::2", "2001:db8:0:1:ffff::", "::ffff:198.51.100.1"):
        assert await statuses(call_from(app, same), "/openapi.json", 1) == [429]


async def test_a_client_cannot_choose_how_it_is_counted(
    limit_app: Limit, call_from: Call
) -> None:
    client = call_from(limit_app("1/hour"))
    await client.get("/openapi.json")
    for name in (
        "X-Forwarded-For",
        "X-Real-IP",
        "Forwarded",
        "True-Client-IP",
        "Client-IP",
    ):
        assert await statuses(client, "/openapi.json", 1, **{name: "203.0.113.9"}) == [
            429
        ]


async def test_the_address_that_a_trusted_proxy_saw_counts(
    limit_app: Limit, call_from: Call
) -> None:
    app = limit_app("1/hour", http=HttpSettings(trusted_proxies=("198.51.100.0/24",)))
    client = call_from(app)
    chains = {
        "203.0.113.9": 200,
        "1.2.3.4, 203.0.113.9": 429,
        "203.0.113.9, 203.0.113.8": 200,
    }
    for chain, status in chains.items():
        assert await statuses(
            client, "/openapi.json", 1, **{"X-Forwarded-For": chain}
        ) == [status]
