"""Measures a rendered API against a bare FastAPI application, in one run."""
