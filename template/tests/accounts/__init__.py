"""Tests of accounts: a file per flow, with its refusals."""
