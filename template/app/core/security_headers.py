"""The security headers of every answer (OWASP REST Security Cheat Sheet, ASVS 5.0 chapter 3.4)."""

API_POLICY = b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'"


def security_headers(hsts_max_age: int) -> list[tuple[bytes, bytes]]:
    """Give the headers; an answer that sets one of them itself keeps its own.

    Args:
        hsts_max_age: Seconds for which browsers insist on HTTPS; 0 leaves the header out.
    """
    headers = [
        (b"cache-control", b"no-store"),
        (b"content-security-policy", API_POLICY),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if hsts_max_age:
        value = f"max-age={hsts_max_age}; includeSubDomains"
        headers.append((b"strict-transport-security", value.encode()))
    return headers
