"""Rows as CSV (RFC 4180)."""
