"""Tests of sessions, transactions, types and errors of the database."""
