"""Redis, which all processes share."""
