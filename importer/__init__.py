"""Reads the tables of a database and writes them as the answer `resources`."""
