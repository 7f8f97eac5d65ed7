"""Tests of session cookies."""
