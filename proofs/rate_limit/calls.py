"""Calls that many tests of limits make."""

import httpx2


async def statuses(
    client: httpx2.AsyncClient, path: str, times: int, **options: str
) -> list[int]:
    """Give the statuses of a request that is made several times."""
    return [(await client.get(path, headers=options)).status_code for _ in range(times)]


def parts(
    response: httpx2.Response, name: str = "RateLimit"
) -> dict[str, dict[str, int]]:
    """Read a header of the draft: what it says, by the name of the limit."""
    found = {}
    for item in response.headers[name].split(", "):
        quoted, *values = item.split(";")
        found[quoted.strip('"')] = {
            key: int(text) for key, text in (v.split("=") for v in values)
        }
    return found
