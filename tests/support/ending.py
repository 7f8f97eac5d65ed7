"""What the tests leave to their end: processes that several of them use."""

from __future__ import annotations

from contextlib import ExitStack

AT_END = ExitStack()
"""Closed after the last test, so that what these processes cost is counted."""
