"""Migrations, and how they are written."""
