"""Changes of many rows in one request."""
