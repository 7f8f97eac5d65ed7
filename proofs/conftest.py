"""Loads what the proofs of this project use, and leaves out those that do not apply."""

from proofs.conditions import ignored, plugins

pytest_plugins = plugins()
collect_ignore = ignored()
