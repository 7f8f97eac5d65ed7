"""Login by a session cookie."""
