"""Databases are read, and become lists of resources."""
