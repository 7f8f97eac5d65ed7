"""The rules of the domain: no HTTP, no SQL."""
