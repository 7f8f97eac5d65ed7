"""What the method of a request says about it."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Those that only read (RFC 9110, section 9.2.1)."""
