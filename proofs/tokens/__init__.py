"""Tests of access and refresh tokens."""
