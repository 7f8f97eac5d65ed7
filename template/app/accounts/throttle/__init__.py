"""Slows down guessing of credentials."""
