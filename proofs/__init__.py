"""Proofs: tests that the template keeps, and lays over the projects that it renders."""
