"""Clients that are generated from what a rendered project says of itself."""
