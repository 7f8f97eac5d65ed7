"""Each distinct project's own suite, on its real database."""
