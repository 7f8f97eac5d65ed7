"""Passwords, tokens, and what they permit."""
