"""Logging in, in the way that this project has."""
