"""Queries: the only place that talks to the database."""
