"""Samples that belong to a user, and their parts: what ownership means is proven on them."""
