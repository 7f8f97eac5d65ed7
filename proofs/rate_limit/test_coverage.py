"""What is limited, and who is told so."""

from fastapi.routing import iter_route_contexts

from app.core.rate_limit.limits import Policies, RateLimitSettings, parse_limits
from app.core.settings import CorsSettings
from proofs.fixtures.custom import MakeClient
from proofs.fixtures.limits import Call, Limit


async def test_a_page_of_another_origin_can_read_its_limits(
    limit_app: Limit, call_from: Call
) -> None:
    origin = "https://app.example.com"
    app = limit_app("9/hour", cors=CorsSettings(allow_origins=(origin,)))
    answer = await call_from(app, headers={"Origin": origin}).get("/openapi.json")
    exposed = set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= exposed


async def test_every_route_but_the_probes_is_limited(limit_app: Limit) -> None:
    app = limit_app("9/hour")
    policies = Policies(app.routes, parse_limits("9/hour"))
    exempt = {
        route.path
        for route in iter_route_contexts(app.routes)
        for method in route.methods or {"GET"}
        if policies.find({"path": route.path, "method": method}) is None
    }
    assert exempt == {"/health/live", "/health/ready"}


async def test_the_document_says_what_is_limited(
    limit_app: Limit, call_from: Call
) -> None:
    document = (await call_from(limit_app("9/hour")).get("/openapi.json")).json()
    assert len(document["paths"]) > 3
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert ("429" in operation["responses"]) == (
                not path.startswith("/health/")
            )


async def test_limits_can_be_turned_off(make_client: MakeClient) -> None:
    async with make_client(rate_limit=RateLimitSettings(enabled=False)) as client:
        assert "RateLimit" not in (await client.get("/openapi.json")).headers
