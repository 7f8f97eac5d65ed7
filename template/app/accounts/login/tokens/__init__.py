"""Login by access and refresh tokens."""
