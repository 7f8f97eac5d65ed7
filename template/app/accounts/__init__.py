"""Accounts: registration, login, sessions, roles, mail and their administration."""
